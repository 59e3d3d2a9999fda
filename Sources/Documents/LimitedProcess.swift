import CChildProcess
import Glibc
import SurveillanceKit

/// Runs a program that reads one document, as a child process under limits of time, memory and output.
///
/// The document is handed over in memory that no file system knows (memfd_create), so no plain byte of it touches the disk. The child has no
/// other descriptor of the server's, and no environment but `LC_ALL`.
struct LimitedProcess {
    struct Outcome {
        /// The exit status; 124 and 137 are `timeout`'s for one that took too long, above 128 for a signal.
        var status: Int32
        var output: [UInt8]
        /// Whether there was more output than may be.
        var isCutOff: Bool
    }

    var cpuSeconds = 10
    var wallSeconds = 20
    var memoryBytes = 1 << 30
    var maximumOutput = 16 << 20
    /// Whether what the child says of errors is part of its output.
    var includesErrors = false

    /// Where the child finds the document.
    static let document = "/proc/self/fd/3"

    /// - Parameter needs: programs that the one that is run runs itself.
    /// - Throws: `DocumentFault.notLookedAt` where a program is not installed.
    func run(_ words: [String], needs: [String] = [], _ document: [UInt8]) throws(DocumentFault) -> Outcome {
        let command =
            [
                "/usr/bin/timeout", "--kill-after=1", "\(wallSeconds)", "/usr/bin/prlimit",
                "--cpu=\(cpuSeconds)", "--as=\(memoryBytes)", "--core=0", "--nofile=32", "--fsize=0", "--",
            ] + words
        for program in [command[0], command[3], words[0]] + needs where access(program, X_OK) != 0 {
            throw .notLookedAt(
                BilingualText(zh: "服务器未安装 \(program)", en: "\(program) is not installed on the server"))
        }
        let memory = memfd_create("document", 1 /* MFD_CLOEXEC */)
        guard memory >= 0 else { throw Self.fault("memfd_create") }
        defer { close(memory) }
        var written = 0
        while written < document.count {
            let count = document[written...].withUnsafeBytes { write(memory, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Self.fault("write") }
            written += count
        }
        lseek(memory, 0, SEEK_SET)
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw Self.fault("pipe2") }
        defer { close(ends[0]) }
        let child: pid_t? = spawn(command, document: memory, output: ends[1])
        close(ends[1])
        guard let child else { throw Self.fault("posix_spawn") }
        var output: [UInt8] = []
        var isCutOff = false
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(ends[0], &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            if output.count + count > maximumOutput {
                isCutOff = true
                // The group: `timeout` and what it runs.
                kill(-child, SIGKILL)
                break
            }
            output += buffer[..<count]
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        let exit = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        return Outcome(status: exit, output: output, isCutOff: isCutOff)
    }

    private func spawn(_ command: [String], document: Int32, output: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        // Both may have the number of another's place: they go through high ones.
        posix_spawn_file_actions_adddup2(&actions, output, 200)
        posix_spawn_file_actions_adddup2(&actions, document, 201)
        posix_spawn_file_actions_adddup2(&actions, 200, 1)
        if includesErrors {
            posix_spawn_file_actions_adddup2(&actions, 200, 2)
        } else {
            posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, 201, 3)
        posix_spawn_file_actions_addclosefrom_np(&actions, 4)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A thread of the server's may hold signals back that end the child.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        posix_spawnattr_setpgroup(&attributes, 0)
        var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup("LC_ALL=C"), nil]
        defer {
            for word in words + environment { free(word) }
        }
        var child: pid_t = 0
        let result = posix_spawn(&child, command[0], &actions, &attributes, &words, &environment)
        return result == 0 ? child : nil
    }

    private static func fault(_ what: String) -> DocumentFault {
        let reason = String(cString: strerror(errno))
        return .notLookedAt(BilingualText(zh: "\(what)：\(reason)", en: "\(what): \(reason)"))
    }
}
