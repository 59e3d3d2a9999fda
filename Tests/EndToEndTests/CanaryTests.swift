import Foundation
import HTTPClient
import Testing

@Suite("Patients leave no trace outside of sealed files", .serialized)
struct CanaryTests {
    @Test(
        "1,000 people sent in every shape: no name, number or address in any file, log, metric, another's page or the memory"
    )
    func leavesNoTrace() async throws {
        // The search itself finds what is there.
        #expect(Canary.traces(in: Data("x欧阳金丝雀0001y".utf8)) == ["金丝雀 in UTF-8"])
        #expect(Canary.traces(in: Data("0123456789abcdef1391234f0123456789abcdef".utf8)) == [])
        #expect(Canary.traces(in: Data("id 13912340001".utf8)).first == "1391234 in UTF-8")
        #expect(Canary.traces(in: Canary(number: 7).residentID.data(using: .utf8) ?? Data()).count >= 1)

        let server = try ServerProcess()
        try server.start()
        var ids: [String] = []
        for (name, package) in try CanaryPackages.all() { ids.append(try await server.send(package, named: name)) }
        // Refused before anything is received: its name must not stay either.
        let refused = Canary(number: 1).name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let answer = try await server.request(
            .post, "/api/v1/submissions?filename=\(refused).exe", body: Data(Canary(number: 1).story.utf8))
        #expect(answer.status == 415)

        var accepted = 0
        for id in ids {
            let outcome = try await server.outcome(id)
            accepted += outcome["accepted"] as? Int ?? 0
            let findings = try await server.request(.get, "/api/v1/submissions/\(id)/findings")
            try expectMasked(findings, id)
        }
        // People were stored and not only turned away.
        #expect(accepted > 1000)

        for path in ["/", "/upload", "/sign-in", "/metrics", "/healthz", "/readyz", "/openapi.json", "/programs"] {
            try await expectNoTrace(path, server)
        }
        for id in ids {
            for path in ["", "/findings.csv", "/corrections.csv", "/corrections.xlsx", "/receipt", "/receipt.json"] {
                try await expectNoTrace("/submissions/\(id)\(path)", server)
            }
            for path in ["", "/findings", "/findings?format=csv", "/corrections", "/corrections.xlsx", "/receipt"] {
                try await expectNoTrace("/api/v1/submissions/\(id)\(path)", server)
            }
        }
        try await expectNoTrace("/api/v1/submissions", server)
        try expectNoTrace(in: server.data)
        let memory = ProcessMemory(processID: server.processID)
        if MemoryTests.readable(memory.traces) != nil {
            let left = try await memory.tracesLeft(within: .seconds(10))
            #expect(left == [])
        }
        #expect(server.stop() == 0)
        try expectNoTrace(in: server.data)
        #expect(Canary.traces(in: server.output) == [], "the server said it")
    }

    /// What the sender itself reads: cells are masked; only names of files stand as they were sent.
    private func expectMasked(_ answer: ServerProcess.Answer, _ id: String) throws {
        for finding in try #require(answer.findings) {
            var members = finding as? [String: Any] ?? [:]
            let file = members.removeValue(forKey: "file") as? String ?? ""
            let text = try JSONSerialization.data(withJSONObject: members, options: [.withoutEscapingSlashes])
            let told = String(decoding: text, as: UTF8.self).replacing(file, with: "FILE")
            let traces = Canary.traces(in: Data(told.utf8))
            #expect(traces == [], "\(told)")
            if !traces.isEmpty { return }
        }
    }

    /// Neither strangers nor another hospital read anything of it, as JSON or as a page.
    private func expectNoTrace(_ path: String, _ server: ServerProcess) async throws {
        for account in [nil, "hospital-b"] {
            for type in ["application/json", "text/html"] {
                let answer = try await server.request(.get, path, as: account, accepting: type)
                #expect(Canary.traces(in: answer.body) == [], "\(path) as \(account ?? "nobody")")
            }
        }
    }

    private func expectNoTrace(in folder: URL) throws {
        var count = 0
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
        for case let file as URL in files ?? .init() {
            guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
            count += 1
            let name = Data(file.lastPathComponent.utf8)
            #expect(Canary.traces(in: name) == [], "the name of \(file.path)")
            let places = try Data(contentsOf: file).withUnsafeBytes { Canary.places(in: $0).map { "\($0)" } }
            #expect(places == [], "\(file.path)")
        }
        #expect(count > 20)
    }
}

/// The made-up people in every shape that hospitals and accidents give to a table.
enum CanaryPackages {
    static func all() throws -> [(name: String, package: Data)] {
        let fever = try SampleTable("FeverClinic", "fever").peopled(by: 0..<1000)
        let flu = try SampleTable("Influenza", "flu").peopled(by: 0..<1000)
        let lab = try SampleTable("FeverClinic", "lab").peopled(by: 0..<200)
        let name = Canary(number: 1).name
        var packages: [(String, Data)] = [
            ("fever_\(name).csv", fever.csv), ("flu_1.csv", flu.csv), ("lab_1.csv", lab.csv),
        ]

        var zip = StoredZip()
        zip.add(Array("\(name)/fever_\(name).csv".utf8), SampleTable.csv([fever.header] + fever.rows.prefix(100)))
        zip.add(Array("../\(name).csv".utf8), fever.csv)
        zip.add(Array("\(name).zip".utf8), fever.csv)
        zip.add(Array("\(name).csv".utf8), SampleTable.csv([fever.header] + fever.rows.prefix(3)))
        packages.append(("\(name).zip", zip.data))
        // GB18030 text and name, without the flag that says UTF-8.
        var gbk = StoredZip()
        gbk.add(
            [0x66, 0x6c, 0x75, 0x5f, 0xbd, 0xf0, 0xcb, 0xbf, 0xc8, 0xb8], Data([0xbd, 0xf0, 0xcb, 0xbf, 0xc8, 0xb8]))
        packages.append(("gbk.zip", gbk.data))
        packages.append(("broken-\(name).zip", zip.data.dropLast(60)))
        packages.append(("cut.zip", zip.data.prefix(zip.data.count / 2)))
        packages.append(("none.zip", Data(Canary(number: 2).story.utf8)))

        for (table, type) in [(fever, "fever"), (flu, "flu")] {
            packages += faults(of: table, type)
        }
        return packages
    }

    private static func faults(of table: SampleTable, _ type: String) -> [(String, Data)] {
        let header = table.header
        let rows = Array(table.rows.prefix(header.count))
        // Every cell of a row once in every other column.
        let shifted = rows.enumerated().map { index, row in Array(row[(index + 1)...] + row[...index]) }
        let short = rows.enumerated().map { index, row in Array(row.prefix(1 + index)) }
        let long = rows.enumerated().map { row -> [String] in
            let canary = Canary(number: row.offset)
            return row.element + [canary.name, canary.phone, canary.residentID, canary.address]
        }
        let everywhere = rows.indices.map { index -> [String] in
            let canary = Canary(number: index)
            let values = [canary.name, canary.phone, canary.residentID, canary.address, canary.card, canary.story]
            return header.indices.map { values[($0 + index) % values.count] }
        }
        let named = Canary(number: 3)
        let unclosed = rows.map { row in row.map { "\"" + $0 }.joined(separator: ",") + "\n" }.joined()
        let mixed = rows.map { row in row.map { "x\"" + $0 + "\"y\"" }.joined(separator: ",") + "\n" }.joined()
        return [
            ("\(type)_shifted.csv", SampleTable.csv([header] + shifted)),
            ("\(type)_short.csv", SampleTable.csv([header] + short)),
            ("\(type)_long.csv", SampleTable.csv([header] + long)),
            ("\(type)_everywhere.csv", SampleTable.csv([header] + everywhere)),
            (
                "\(type)_columns.csv",
                SampleTable.csv([header + [named.name, named.phone, named.card]] + long.map { Array($0.dropLast()) })
            ),
            ("\(type)_headless.csv", SampleTable.csv(rows)),
            ("\(type)_twice.csv", SampleTable.csv([header + [named.name, named.name]] + long)),
            ("\(type)_unclosed.csv", SampleTable.csv([header]) + Data(unclosed.utf8)),
            ("\(type)_mixed.csv", SampleTable.csv([header]) + Data(mixed.utf8)),
            ("\(type)_\(named.name).csv", Data(named.story.utf8)),
        ]
    }
}
