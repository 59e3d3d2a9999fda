import ShangMi
import SurveillanceKit
import Testing

@testable import NotifyWebhook

@Suite("Signers")
struct SignerTests {
    @Test(
        "SHA-256 and its code are those of the standards",
        arguments: [
            // FIPS 180-4's examples; RFC 4231, cases 1, 2 and 6.
            (nil, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (nil, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (
                [UInt8](repeating: 0x0B, count: 20), "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ] as [([UInt8]?, String, String)])
    func standards(key: [UInt8]?, message: String, expected: String) throws {
        let bytes = Array(message.utf8)
        #expect(Hex.encode(try key.map { try SHA256.code(bytes, key: $0) } ?? SHA256.digest(bytes)) == expected)
        #expect(PlainSHA256.hex(key.map { PlainSHA256.hmac(message, $0) } ?? PlainSHA256.digest(bytes)) == expected)
    }

    @Test("TC3 signs the example of Tencent's documentation as it stands there")
    func tencent() throws {
        let request = GatewayRequest(
            method: "POST", scheme: "https", host: "cvm.tencentcloudapi.com", path: "/", query: [],
            headers: [("Content-Type", "application/json; charset=utf-8"), ("X-TC-Action", "DescribeInstances")],
            body: #"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#)
        let signed = try RequestSigner.tc3(keyID: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", service: "cvm").signed(
            request, secret: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", at: Instant(seconds: 1_551_113_065), nonce: "")
        #expect(
            signed.header("authorization")
                == "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
                + "SignedHeaders=content-type;host, Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
        )
        #expect(signed.header("x-tc-timestamp") == "1551113065")
    }

    @Test("ACS3 signs the example of Alibaba's documentation as it stands there")
    func alibaba() throws {
        let request = GatewayRequest(
            method: "POST", scheme: "https", host: "ecs.cn-shanghai.aliyuncs.com", path: "/",
            query: [
                ("RegionId", "cn-shanghai"), ("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"),
            ], headers: [("x-acs-action", "RunInstances"), ("x-acs-version", "2014-05-26")], body: "")
        // 2023-10-26T10:22:32Z
        let signed = try RequestSigner.acs3(keyID: "YourAccessKeyId").signed(
            request, secret: "YourAccessKeySecret", at: Instant(seconds: 1_698_315_752),
            nonce: "3156853299f313e23d1673dc12e1703d")
        #expect(
            signed.header("authorization")
                == "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;"
                + "x-acs-date;x-acs-signature-nonce;x-acs-version,"
                + "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")
    }

    @Test("a query is sorted and escaped by RFC 3986, and sent as it is signed")
    func query() {
        let request = GatewayRequest(
            method: "GET", scheme: "https", host: "sms.example", path: "/send",
            query: [("b", "a b*~+/中"), ("a", "=&")], headers: [], body: "")
        #expect(request.url == "https://sms.example/send?a=%3D%26&b=a%20b%2A~%2B%2F%E4%B8%AD")
    }
}
