import ShangMi
import Testing

@Suite("Passwords")
struct PasswordHashTests {
    /// Far cheaper than the default, so that the tests are quick.
    let cost = PasswordHash.Cost(memoryKiB: 64, passes: 1, lanes: 1)

    @Test("are known again from their stored text, and no other password is")
    func roundTrip() throws {
        let encoded = try PasswordHash(of: "哨点 sentinel", cost: cost, random: .strong).description
        #expect(encoded.hasPrefix("$argon2id$v=19$m=64,t=1,p=1$"))
        let stored = try #require(PasswordHash(encoded: encoded))
        #expect(try stored.matches("哨点 sentinel"))
        #expect(try !stored.matches("哨点 sentinel "))
        #expect(try !stored.matches(""))
        #expect(stored.description == encoded)
    }

    @Test("give a different text each time, by their salt")
    func salts() throws {
        let first = try PasswordHash(of: "same", cost: cost, random: .strong).description
        let second = try PasswordHash(of: "same", cost: cost, random: .strong).description
        #expect(first != second)
    }

    @Test("are hashed anew when the cost was raised")
    func rehash() throws {
        let hash = try PasswordHash(of: "p", cost: cost, random: .strong)
        #expect(!hash.needsRehash(cost))
        #expect(hash.needsRehash(PasswordHash.Cost(memoryKiB: 128, passes: 1)))
    }

    @Test("read the texts that other implementations write")
    func foreign() throws {
        // As the reference command line writes it: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32 -e
        let text = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
        let hash = try #require(PasswordHash(encoded: text))
        #expect(try hash.matches("password"))
        #expect(hash.description == text)
    }

    @Test(
        "refuse stored texts that are broken, of another kind, or would take the machine",
        arguments: [
            "", "$", "plain", "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q",
            "$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q",
            "$argon2id$v=19$t=1,m=64,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q",
            "$argon2id$v=19$m=99999999,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q",
            "$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5Q",
            "$argon2id$v=19$m=64,t=1,p=1$c29t$CTFhFdXPJO1aFaMaO6Mm5Q",
            "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$c29t", "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$****",
        ])
    func broken(text: String) { #expect(PasswordHash(encoded: text) == nil) }
}
