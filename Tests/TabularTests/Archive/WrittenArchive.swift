/// Small archives as the common writers make them, each made once by running that writer.
struct WrittenArchive: Sendable {
    let writer: String
    /// `name: content` of each file.
    let contents: [String]
    let base64: String

    private static let longText = "P900,P8000\r\n" + String(repeating: "12345,abc\r\n", count: 20)

    static let all = [
        WrittenArchive(
            writer: "Info-ZIP 3.0",
            contents: ["flu_1.csv: P900,P5\r\n1,2\r\n", "lis_2.csv: " + longText],
            base64: """
                UEsDBAoAAAAAAGRNdV0PsnxkDgAAAA4AAAAJABwAZmx1XzEuY3N2VVQJAAOsZwFrrGcBa3V4CwABBAAAAAAEAAAAAFA5MDAs\
                UDUNCjEsMg0KUEsDBBQAAAAIAGRNdV2TCuz4GQAAAOgAAAAJABwAbGlzXzIuY3N2VVQJAAOsZwFrrGcBa3V4CwABBAAAAAAE\
                AAAAAAuwNDDQCbAwMDDg5TI0MjYx1UlMSh6GTABQSwECHgMKAAAAAABkTXVdD7J8ZA4AAAAOAAAACQAYAAAAAAABAAAApIEA\
                AAAAZmx1XzEuY3N2VVQFAAOsZwFrdXgLAAEEAAAAAAQAAAAAUEsBAh4DFAAAAAgAZE11XZMK7PgZAAAA6AAAAAkAGAAAAAAA\
                AQAAAKSBUQAAAGxpc18yLmNzdlVUBQADrGcBa3V4CwABBAAAAAAEAAAAAFBLBQYAAAAAAgACAJ4AAACtAAAAAAA=
                """),
        WrittenArchive(
            writer: "Info-ZIP 3.0 to a pipe",
            contents: ["flu_1.csv: P900,P5\r\n1,2\r\n", "lis_2.csv: " + longText],
            base64: """
                UEsDBBQACAAIAGRNdV0AAAAAAAAAAA4AAAAJABwAZmx1XzEuY3N2VVQJAAOsZwFrrGcBa3V4CwABBAAAAAAEAAAAAAuwNDDQ\
                CTDl5TLUMeLlAgBQSwcID7J8ZBAAAAAOAAAAUEsDBBQACAAIAGRNdV0AAAAAAAAAAOgAAAAJABwAbGlzXzIuY3N2VVQJAAOs\
                ZwFrrGcBa3V4CwABBAAAAAAEAAAAAAuwNDDQCbAwMDDg5TI0MjYx1UlMSh6GTABQSwcIkwrs+BkAAADoAAAAUEsBAh4DFAAI\
                AAgAZE11XQ+yfGQQAAAADgAAAAkAGAAAAAAAAQAAAKSBAAAAAGZsdV8xLmNzdlVUBQADrGcBa3V4CwABBAAAAAAEAAAAAFBL\
                AQIeAxQACAAIAGRNdV2TCuz4GQAAAOgAAAAJABgAAAAAAAEAAACkgWMAAABsaXNfMi5jc3ZVVAUAA6xnAWt1eAsAAQQAAAAA\
                BAAAAABQSwUGAAAAAAIAAgCeAAAAzwAAAAAA
                """),
        WrittenArchive(
            writer: "Info-ZIP 3.0 from standard input, to a pipe",
            contents: ["-: " + longText],
            base64: """
                UEsDBC0AAAAIAGRNdV2TCuz4//////////8BABQALQEAEADoAAAAAAAAABkAAAAAAAAAC7A0MNAJsDAwMODlMjQyNjHVSUxK\
                HoZMAFBLAQIeAy0AAAAIAGRNdV2TCuz4GQAAAOgAAAABAAAAAAAAAAEAAACAEQAAAAAtUEsGBiwAAAAAAAAAHgMtAAAAAAAA\
                AAAAAQAAAAAAAAABAAAAAAAAAC8AAAAAAAAATAAAAAAAAABQSwYHAAAAAHsAAAAAAAAAAQAAAFBLBQYAAAAAAQABAC8AAABM\
                AAAAAAA=
                """),
        WrittenArchive(
            writer: "Info-ZIP 3.0 with zip64 and a small file",
            contents: ["flu_1.csv: P900,P5\r\n1,2\r\n"],
            base64: """
                UEsDBC0AAAAAAGRNdV0Psnxk//////////8JADAAZmx1XzEuY3N2VVQJAAOsZwFrrGcBa3V4CwABBAAAAAAEAAAAAAEAEAAO\
                AAAAAAAAAA4AAAAAAAAAUDkwMCxQNQ0KMSwyDQpQSwECHgMtAAAAAABkTXVdD7J8ZA4AAAD/////CQAkAAAAAAABAAAApIEA\
                AAAAZmx1XzEuY3N2VVQFAAOsZwFrdXgLAAEEAAAAAAQAAAAAAQAIAA4AAAAAAAAAUEsGBiwAAAAAAAAAHgMtAAAAAAAAAAAA\
                AQAAAAAAAAABAAAAAAAAAFsAAAAAAAAAZQAAAAAAAABQSwYHAAAAAMAAAAAAAAAAAQAAAFBLBQYAAAAAAQABAFsAAAD/////\
                AAA=
                """),
        WrittenArchive(
            writer: "Info-ZIP 3.0 with a comment",
            contents: ["flu_1.csv: P900,P5\r\n1,2\r\n"],
            base64: """
                UEsDBAoAAAAAAGRNdV0PsnxkDgAAAA4AAAAJABwAZmx1XzEuY3N2VVQJAAOsZwFrrGcBa3V4CwABBAAAAAAEAAAAAFA5MDAs\
                UDUNCjEsMg0KUEsBAh4DCgAAAAAAZE11XQ+yfGQOAAAADgAAAAkAGAAAAAAAAQAAAKSBAAAAAGZsdV8xLmNzdlVUBQADrGcB\
                a3V4CwABBAAAAAAEAAAAAFBLBQYAAAAAAQABAE8AAABRAAAABwBjb21tZW50
                """),
        WrittenArchive(
            writer: "Info-ZIP 3.0 with Chinese names, UTF-8 without the flag",
            contents: ["目录/flu_流感.csv: P900,P5\r\n1,2\r\n"],
            base64: """
                UEsDBAoAAAAAAGRNdV0AAAAAAAAAAAAAAAAHABwA55uu5b2VL1VUCQADrGcBa6xnAWt1eAsAAQQAAAAABAAAAABQSwMECgAA\
                AAAAZE11XQ+yfGQOAAAADgAAABUAHADnm67lvZUvZmx1X+a1geaEny5jc3ZVVAkAA6xnAWusZwFrdXgLAAEEAAAAAAQAAAAA\
                UDkwMCxQNQ0KMSwyDQpQSwECHgMKAAAAAABkTXVdAAAAAAAAAAAAAAAABwAYAAAAAAAAABAA7UEAAAAA55uu5b2VL1VUBQAD\
                rGcBa3V4CwABBAAAAAAEAAAAAFBLAQIeAwoAAAAAAGRNdV0PsnxkDgAAAA4AAAAVABgAAAAAAAEAAACkgUEAAADnm67lvZUv\
                Zmx1X+a1geaEny5jc3ZVVAUAA6xnAWt1eAsAAQQAAAAABAAAAABQSwUGAAAAAAIAAgCoAAAAngAAAAAA
                """),
        WrittenArchive(
            writer: "7-Zip 26.02",
            contents: ["flu_1.csv: P900,P5\r\n1,2\r\n", "lis_2.csv: " + longText],
            base64: """
                UEsDBAoAAAAAAGVNdV0PsnxkDgAAAA4AAAAJAAAAZmx1XzEuY3N2UDkwMCxQNQ0KMSwyDQpQSwMEFAAAAAgAZU11XZMK7Pgm\
                AAAA6AAAAAkAAABsaXNfMi5jc3bdxjsNADAIQMG9SZ0wvP6S4gILgH8P+OCmMwWxD8yx9rlPPLJhC1BLAQI/AwoAAAAAAGVN\
                dV0PsnxkDgAAAA4AAAAJACQAAAAAAAAAIICkgQAAAABmbHVfMS5jc3YKACAAAAAAAAEAGABD6eG2nHndAQAAAAAAAAAAAAAA\
                AAAAAABQSwECPwMUAAAACABlTXVdkwrs+CYAAADoAAAACQAkAAAAAAAAACCApIE1AAAAbGlzXzIuY3N2CgAgAAAAAAABABgA\
                xxPutpx53QEAAAAAAAAAAAAAAAAAAAAAUEsFBgAAAAACAAIAtgAAAIIAAAAAAA==
                """),
        WrittenArchive(
            writer: "7-Zip 26.02 with UTF-8 names",
            contents: ["目录/flu_流感.csv: P900,P5\r\n1,2\r\n"],
            base64: """
                UEsDBBQAAAgAAGVNdV0AAAAAAAAAAAAAAAAHAAAA55uu5b2VL1BLAwQKAAAIAABlTXVdD7J8ZA4AAAAOAAAAFQAAAOebruW9\
                lS9mbHVf5rWB5oSfLmNzdlA5MDAsUDUNCjEsMg0KUEsBAj8DFAAACAAAZU11XQAAAAAAAAAAAAAAAAcAJAAAAAAAAAAQgO1B\
                AAAAAOebruW9lS8KACAAAAAAAAEAGABYfPC2nHndAQAAAAAAAAAAAAAAAAAAAABQSwECPwMKAAAIAABlTXVdD7J8ZA4AAAAO\
                AAAAFQAkAAAAAAAAACCApIElAAAA55uu5b2VL2ZsdV/mtYHmhJ8uY3N2CgAgAAAAAAABABgA7LLwtpx53QEAAAAAAAAAAAAA\
                AAAAAAAAUEsFBgAAAAACAAIAwAAAAGYAAAAAAA==
                """),
        WrittenArchive(
            writer: "7-Zip 26.02 from standard input",
            contents: ["lis_2.csv: " + longText],
            base64: """
                UEsDBC0AAAAIAGVNdV2TCuz4//////////8JABQAbGlzXzIuY3N2AQAQAOgAAAAAAAAAJgAAAAAAAADdxjsNADAIQMG9SZ0w\
                vP6S4gILgH8P+OCmMwWxD8yx9rlPPLJhC1BLAQI/AxQAAAAIAGVNdV2TCuz4JgAAAOgAAAAJACQAAAAAAAAAIICAEQAAAABs\
                aXNfMi5jc3YKACAAAAAAAAEAGABo+/W2nHndAQAAAAAAAAAAAAAAAAAAAABQSwUGAAAAAAEAAQBbAAAAYQAAAAAA
                """),
        WrittenArchive(
            writer: "7-Zip 26.02 to a pipe",
            contents: ["flu_1.csv: P900,P5\r\n1,2\r\n", "lis_2.csv: " + longText],
            base64: """
                UEsDBBQACAAIAGVNdV0AAAAAAAAAAAAAAAAJAAAAZmx1XzEuY3N2AQ4A8f9QOTAwLFA1DQoxLDINClBLBwgPsnxkEwAAAA4A\
                AABQSwMEFAAIAAgAZU11XQAAAAAAAAAAAAAAAAkAAABsaXNfMi5jc3bdxjsNADAIQMG9SZ0wvP6S4gILgH8P+OCmMwWxD8yx\
                9rlPPLJhC1BLBwiTCuz4JgAAAOgAAABQSwECPwMUAAgACABlTXVdD7J8ZBMAAAAOAAAACQAkAAAAAAAAACCApIEAAAAAZmx1\
                XzEuY3N2CgAgAAAAAAABABgAQ+nhtpx53QEAAAAAAAAAAAAAAAAAAAAAUEsBAj8DFAAIAAgAZU11XZMK7PgmAAAA6AAAAAkA\
                JAAAAAAAAAAggKSBSgAAAGxpc18yLmNzdgoAIAAAAAAAAQAYAMcT7raced0BAAAAAAAAAAAAAAAAAAAAAFBLBQYAAAAAAgAC\
                ALYAAACnAAAAAAA=
                """),
        WrittenArchive(
            writer: "jar of OpenJDK 17",
            contents: ["目录/flu_流感.csv: P900,P5\r\n1,2\r\n"],
            base64: """
                UEsDBAoAAAgAAGRNdV0AAAAAAAAAAAAAAAAHAAQA55uu5b2VL/7KAABQSwMEFAAICAgAZE11XQAAAAAAAAAAAAAAABUAAADn\
                m67lvZUvZmx1X+a1geaEny5jc3YLsDQw0Akw5eUy1DHi5QIAUEsHCA+yfGQQAAAADgAAAFBLAQIKAAoAAAgAAGRNdV0AAAAA\
                AAAAAAAAAAAHAAQAAAAAAAAAAAAAAAAAAADnm67lvZUv/soAAFBLAQIUABQACAgIAGRNdV0PsnxkEAAAAA4AAAAVAAAAAAAA\
                AAAAAAAAACkAAADnm67lvZUvZmx1X+a1geaEny5jc3ZQSwUGAAAAAAIAAgB8AAAAfAAAAAAA
                """),
        WrittenArchive(
            writer: "Java's ZipOutputStream with GBK names",
            contents: ["flu_流感.csv: P900\r\n"],
            base64: """
                UEsDBBQACAAIAGRNdV0AAAAAAAAAAAAAAAAMAAAAZmx1X8H3uNAuY3N2C7A0MODlAgBQSwcIwflGkAgAAAAGAAAAUEsBAhQA\
                FAAIAAgAZE11XcH5RpAIAAAABgAAAAwAAAAAAAAAAAAAAAAAAAAAAGZsdV/B97jQLmNzdlBLBQYAAAAAAQABADoAAABCAAAA\
                AAA=
                """),
        WrittenArchive(
            writer: "Java's ZipOutputStream, stored and deflated, with a folder",
            contents: ["flu_流感.csv: P900\r\n", "dir/flu_2.csv: P900\r\n"],
            base64: """
                UEsDBAoAAAgAAGRNdV3B+UaQBgAAAAYAAAAOAAAAZmx1X+a1geaEny5jc3ZQOTAwDQpQSwMEFAAICAgAZE11XQAAAAAAAAAA\
                AAAAAAQAAABkaXIvAwBQSwcIAAAAAAIAAAAAAAAAUEsDBBQACAgIAGRNdV0AAAAAAAAAAAAAAAANAAAAZGlyL2ZsdV8yLmNz\
                dguwNDDg5QIAUEsHCMH5RpAIAAAABgAAAFBLAQIKAAoAAAgAAGRNdV3B+UaQBgAAAAYAAAAOAAAAAAAAAAAAAAAAAAAAAABm\
                bHVf5rWB5oSfLmNzdlBLAQIUABQACAgIAGRNdV0AAAAAAgAAAAAAAAAEAAAAAAAAAAAAAAAAADIAAABkaXIvUEsBAhQAFAAI\
                CAgAZE11XcH5RpAIAAAABgAAAA0AAAAAAAAAAAAAAAAAZgAAAGRpci9mbHVfMi5jc3ZQSwUGAAAAAAMAAwCpAAAAqQAAAAAA
                """),
        WrittenArchive(
            writer: "Java's zip file system",
            contents: ["dir/flu_1.csv: P900\r\n1\r\n", "lis_流感.csv: P900\r\n1\r\n"],
            base64: """
                UEsDBAoAAAAAAGRNdV0AAAAAAAAAAAAAAAAEABEAZGlyL1VUDQAHrWcBa61nAWutZwFrUEsDBBQACAgIAGRNdV0AAAAAAAAA\
                AAAAAAANABEAZGlyL2ZsdV8xLmNzdlVUDQAHrWcBa61nAWutZwFrC7A0MODlMuTlAgBQSwcIUIM/RQsAAAAJAAAAUEsDBBQA\
                CAgIAGRNdV0AAAAAAAAAAAAAAAAOABEAbGlzX+a1geaEny5jc3ZVVA0AB61nAWutZwFrrWcBawuwNDDg5TLk5QIAUEsHCFCD\
                P0ULAAAACQAAAFBLAQIKAAoAAAAAAGRNdV0AAAAAAAAAAAAAAAAEAAkAAAAAAAAAAAAAAAAAAABkaXIvVVQFAAetZwFrUEsB\
                AhQAFAAICAgAZE11XVCDP0ULAAAACQAAAA0ACQAAAAAAAAAAAAAAMwAAAGRpci9mbHVfMS5jc3ZVVAUAB61nAWtQSwECFAAU\
                AAgICABkTXVdUIM/RQsAAAAJAAAADgAJAAAAAAAAAAAAAACKAAAAbGlzX+a1geaEny5jc3ZVVAUAB61nAWtQSwUGAAAAAAMA\
                AwDEAAAA4gAAAAAA
                """),
        WrittenArchive(
            writer: "Python's zipfile",
            contents: ["flu_1.csv: P900,P5\r\n1,2\r\n", "lis_2.csv: " + longText],
            base64: """
                UEsDBBQAAAAIAGRNdV0PsnxkEAAAAA4AAAAJAAAAZmx1XzEuY3N2C7A0MNAJMOXlMtQx4uUCAFBLAwQUAAAACABkTXVdkwrs\
                +BkAAADoAAAACQAAAGxpc18yLmNzdguwNDDQCbAwMDDg5TI0MjYx1UlMSh6GTABQSwECFAMUAAAACABkTXVdD7J8ZBAAAAAO\
                AAAACQAAAAAAAAAAAAAApIEAAAAAZmx1XzEuY3N2UEsBAhQDFAAAAAgAZE11XZMK7PgZAAAA6AAAAAkAAAAAAAAAAAAAAKSB\
                NwAAAGxpc18yLmNzdlBLBQYAAAAAAgACAG4AAAB3AAAAAAA=
                """),
        WrittenArchive(
            writer: "Python's zipfile to a pipe",
            contents: ["flu_1.csv: P900,P5\r\n1,2\r\n", "lis_2.csv: " + longText],
            base64: """
                UEsDBBQACAAIAGRNdV0AAAAAAAAAAAAAAAAJAAAAZmx1XzEuY3N2C7A0MNAJMOXlMtQx4uUCAFBLBwgPsnxkEAAAAA4AAABQ\
                SwMEFAAIAAgAZE11XQAAAAAAAAAAAAAAAAkAAABsaXNfMi5jc3YLsDQw0AmwMDAw4OUyNDI2MdVJTEoehkwAUEsHCJMK7PgZ\
                AAAA6AAAAFBLAQIUAxQACAAIAGRNdV0PsnxkEAAAAA4AAAAJAAAAAAAAAAAAAACkgQAAAABmbHVfMS5jc3ZQSwECFAMUAAgA\
                CABkTXVdkwrs+BkAAADoAAAACQAAAAAAAAAAAAAApIFHAAAAbGlzXzIuY3N2UEsFBgAAAAACAAIAbgAAAJcAAAAAAA==
                """),
        WrittenArchive(
            writer: "Python's zipfile with zip64 heads",
            contents: ["flu_1.csv: P900,P5\r\n1,2\r\n"],
            base64: """
                UEsDBC0AAAAIAAAAIQAPsnxk//////////8JABQAZmx1XzEuY3N2AQAQAA4AAAAAAAAAEAAAAAAAAAALsDQw0Akw5eUy1DHi\
                5QIAUEsBAi0DLQAAAAgAAAAhAA+yfGQQAAAADgAAAAkAAAAAAAAAAAAAAIABAAAAAGZsdV8xLmNzdlBLBQYAAAAAAQABADcA\
                AABLAAAAAAA=
                """),
        WrittenArchive(
            writer: "Python's zipfile to a pipe with zip64 heads",
            contents: ["flu_1.csv: P900,P5\r\n1,2\r\n"],
            base64: """
                UEsDBC0ACAAIAAAAIQAAAAAA//////////8JABQAZmx1XzEuY3N2AQAQAAAAAAAAAAAAAAAAAAAAAAALsDQw0Akw5eUy1DHi\
                5QIAUEsHCA+yfGQQAAAAAAAAAA4AAAAAAAAAUEsBAi0DLQAIAAgAAAAhAA+yfGQQAAAADgAAAAkAAAAAAAAAAAAAAIABAAAA\
                AGZsdV8xLmNzdlBLBQYAAAAAAQABADcAAABjAAAAAAA=
                """),
        WrittenArchive(
            writer: "Python's zipfile with UTF-8 names and an empty folder",
            contents: ["目录/flu_流感.csv: a"],
            base64: """
                UEsDBBQAAAgAAGRNdV1DvrfoAQAAAAEAAAAVAAAA55uu5b2VL2ZsdV/mtYHmhJ8uY3N2YVBLAwQUAAAIAAAAACEAAAAAAAAA\
                AAAAAAAABAAAAOepui9QSwECFAMUAAAIAABkTXVdQ7636AEAAAABAAAAFQAAAAAAAAAAAAAAgAEAAAAA55uu5b2VL2ZsdV/m\
                tYHmhJ8uY3N2UEsBAhQDFAAACAAAAAAhAAAAAAAAAAAAAAAAAAQAAAAAAAAAAAAQAP9BNAAAAOepui9QSwUGAAAAAAIAAgB1\
                AAAAVgAAAAAA
                """),
        WrittenArchive(
            writer: "Go's archive/zip, deflated, stored and raw",
            contents: ["flu_流感.csv: P900\r\n1\r\n", "dir/lis_1.csv: P900\r\n", "raw.csv: a"],
            base64: """
                UEsDBBQACAgIAAAAAAAAAAAAAAAAAAAAAAAOAAAAZmx1X+a1geaEny5jc3YKsDQw4OUy5OUCBAAA//9QSwcIUIM/RQ8AAAAJ\
                AAAAUEsDBBQACAAAAAAAAAAAAAAAAAAAAAAAAAANAAAAZGlyL2xpc18xLmNzdlA5MDANClBLBwjB+UaQBgAAAAYAAABQSwME\
                FAAACAAAAAAAAAAAAAAAAAAAAAAAAAQAAADnqbovUEsDBAAAAAAAAAAAAABDvrfoAQAAAAEAAAAHAAAAcmF3LmNzdmFQSwEC\
                FAAUAAgICAAAAAAAUIM/RQ8AAAAJAAAADgAAAAAAAAAAAAAAAAAAAAAAZmx1X+a1geaEny5jc3ZQSwECFAAUAAgAAAAAAAAA\
                wflGkAYAAAAGAAAADQAAAAAAAAAAAAAAAABLAAAAZGlyL2xpc18xLmNzdlBLAQIUABQAAAgAAAAAAAAAAAAAAAAAAAAAAAAE\
                AAAAAAAAAAAAAAAAAIwAAADnqbovUEsBAgAAAAAAAAAAAAAAAEO+t+gBAAAAAQAAAAcAAAAAAAAAAAAAAAAArgAAAHJhdy5j\
                c3ZQSwUGAAAAAAQABADeAAAA1AAAAAEAYw==
                """),
        WrittenArchive(
            writer: "bsdtar of libarchive 3.6",
            contents: ["./flu_1.csv: P900,P5\r\n1,2\r\n", "./目录/flu_流感.csv: P900,P5\r\n1,2\r\n"],
            base64: """
                UEsDBBQACAAIAGRNdV0AAAAAAAAAAA4AAAALACAALi9mbHVfMS5jc3ZVVA0AB6xnAWusZwFrrGcBa3V4CwABBAAAAAAEAAAA\
                AAuwNDDQCTDl5TLUMeLlAgBQSwcID7J8ZBAAAAAOAAAAUEsDBBQAAAgAAGRNdV0AAAAAAAAAAAAAAAAJACAALi/nm67lvZUv\
                VVQNAAesZwFrrGcBa6xnAWt1eAsAAQQAAAAABAAAAABQSwMEFAAICAgAZE11XQAAAAAAAAAADgAAABcAIAAuL+ebruW9lS9m\
                bHVf5rWB5oSfLmNzdlVUDQAHrGcBa6xnAWusZwFrdXgLAAEEAAAAAAQAAAAAC7A0MNAJMOXlMtQx4uUCAFBLBwgPsnxkEAAA\
                AA4AAABQSwECFAMUAAgACABkTXVdD7J8ZBAAAAAOAAAACwAgAAAAAAAAAAAApIEAAAAALi9mbHVfMS5jc3ZVVA0AB6xnAWus\
                ZwFrrGcBa3V4CwABBAAAAAAEAAAAAFBLAQIUAxQAAAgAAGRNdV0AAAAAAAAAAAAAAAAJACAAAAAAAAAAAADtQWkAAAAuL+eb\
                ruW9lS9VVA0AB6xnAWusZwFrrGcBa3V4CwABBAAAAAAEAAAAAFBLAQIUAxQACAgIAGRNdV0PsnxkEAAAAA4AAAAXACAAAAAA\
                AAAAAACkgbAAAAAuL+ebruW9lS9mbHVf5rWB5oSfLmNzdlVUDQAHrGcBa6xnAWusZwFrdXgLAAEEAAAAAAQAAAAAUEsFBgAA\
                AAADAAMAFQEAACUBAAAAAA==
                """),
    ]
}
