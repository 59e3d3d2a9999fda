import CMicrohttpd

extension Response {
    /// Fields that every response carries unless it says otherwise: pages load nothing from elsewhere, run no script
    /// that stands in the page, and cannot be framed.
    static func protectiveFields(isSecure: Bool) -> [(name: String, value: String)] {
        var fields = [
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "same-origin"),
            ("X-Frame-Options", "DENY"),
            (
                "Content-Security-Policy",
                "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
            ),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ]
        if isSecure { fields.append(("Strict-Transport-Security", "max-age=31536000")) }
        return fields
    }

    /// The response in the library's form, to be destroyed after it is queued; nil where a field cannot be sent.
    func makeReply(isSecure: Bool, stream: StreamedBody?) -> OpaquePointer? {
        let made: OpaquePointer?
        if let stream {
            made = MHD_create_response_from_callback(
                UInt64.max, 65_536, readStreamedBody, Unmanaged.passRetained(stream).toOpaque(), releaseStreamedBody)
        } else if case .bytes(var bytes) = body, !bytes.isEmpty {
            made = bytes.withUnsafeMutableBytes {
                MHD_create_response_from_buffer($0.count, $0.baseAddress, .RESPMEM_MUST_COPY)
            }
        } else {
            made = MHD_create_response_from_buffer(0, nil, .RESPMEM_PERSISTENT)
        }
        guard let made else { return nil }
        var fields = headers.fields
        for field in Response.protectiveFields(isSecure: isSecure) where headers[field.name] == nil {
            fields.append(field)
        }
        for cookie in cookies { fields.append(("Set-Cookie", cookie.field(isSecure: isSecure))) }
        if closesConnection { fields.append(("Connection", "close")) }
        for field in fields where MHD_add_response_header(made, field.name, field.value) != .YES {
            MHD_destroy_response(made)
            return nil
        }
        return made
    }
}
