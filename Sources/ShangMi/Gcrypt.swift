import CGcrypt
import Glibc

// Every call of libgcrypt stands in this file and in SM3, HMACSM3, SHA256, TimeCode, SM4GCM, SM2, PasswordHash and RandomSource. A
// certified module that holds its own keys takes their place at `DataKeyWrapping` and `Signing`; one that is only a
// library, inside these files.

/// The library itself: started once, before the first operation.
enum Gcrypt {
    /// The first version with Argon2, and with SM3 and SM4 fast enough to seal while receiving.
    static let neededVersion = "1.10.0"

    static func start() throws(ShangMiError) { try started.get() }

    /// Throws what the library refused.
    static func check(_ code: gcry_error_t, _ operation: @autoclosure () -> String) throws(ShangMiError) {
        if code != 0 { throw .refused(operation: operation(), reason: String(cString: gcry_strerror(code))) }
    }

    private static let started: Result<Void, ShangMiError> = {
        guard gcry_check_version(neededVersion) != nil else {
            let found = gcry_check_version(nil).map { String(cString: $0) } ?? "of an unknown version"
            return .failure(.library(found: found, needed: "version \(neededVersion)"))
        }
        // No locked memory: keys also pass through Swift's own, where they are wiped after use (`SymmetricKey`), and a
        // pool of 32 KiB per process would run out under load. Swap and core dumps are the service file's matter.
        guard control(GCRYCTL_DISABLE_SECMEM), control(GCRYCTL_INITIALIZATION_FINISHED) else {
            return .failure(.refused(operation: "start", reason: "its control function refused"))
        }
        guard gcry_md_algo_info(Int32(GCRY_MD_SM3.rawValue), Int32(GCRYCTL_TEST_ALGO.rawValue), nil, nil) == 0,
            gcry_cipher_algo_info(Int32(GCRY_CIPHER_SM4.rawValue), Int32(GCRYCTL_TEST_ALGO.rawValue), nil, nil) == 0
        else { return .failure(.library(found: "without SM3 or SM4 (FIPS mode?)", needed: "one with both")) }
        return .success(())
    }()

    /// `gcry_control` for commands without arguments.
    private static func control(_ command: gcry_ctl_cmds) -> Bool { vedette_gcry_control(command) == 0 }
}
