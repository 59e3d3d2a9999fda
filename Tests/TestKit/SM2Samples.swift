/// SM2 certificates and keys that OpenSSL 3.0 has made, on 2026-11-30, for 3,650 days (`short` for one).
///
/// ```sh
/// openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out leaf.key
/// openssl req -utf8 -new -key leaf.key -sm3 -sigopt distid:1234567812345678 -subj "/C=CN/O=某省疾控中心/CN=张三" -out leaf.csr
/// openssl x509 -req -in leaf.csr -CA mid.pem -CAkey mid.key -CAcreateserial -sm3 -sigopt distid:1234567812345678 \
///     -vfyopt distid:1234567812345678 -days 3650 -extfile leaf.ext -out leaf.pem
/// ```
public enum SM2Samples {
    /// A root: `CN=SM2 Root`.
    public static let ca = """
        -----BEGIN CERTIFICATE-----
        MIIByDCCAW+gAwIBAgIURHqW8WE71PSyvuCzJUC/ZXDKRf8wCgYIKoEcz1UBg3Uw
        MjELMAkGA1UEBhMCQ04xEDAOBgNVBAoMB1Rlc3QgQ0ExETAPBgNVBAMMCFNNMiBS
        b290MB4XDTI2MTEzMDAzMTA1NloXDTM2MTEyNzAzMTA1NlowMjELMAkGA1UEBhMC
        Q04xEDAOBgNVBAoMB1Rlc3QgQ0ExETAPBgNVBAMMCFNNMiBSb290MFkwEwYHKoZI
        zj0CAQYIKoEcz1UBgi0DQgAEJiaRV5Y9f9MCdTVXhOBF5uwPkhO9TK3hBeSMM845
        DZOmwNDRqg2OwC/VIdZ+fN12AEBpWpu9ubazS71ClttmE6NjMGEwHQYDVR0OBBYE
        FHkMr6ynfP+E46B+VXUIKW8WSJ3FMB8GA1UdIwQYMBaAFHkMr6ynfP+E46B+VXUI
        KW8WSJ3FMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMAoGCCqBHM9V
        AYN1A0cAMEQCIGglPKi+wjs5QVfvrKXE5r0Xd1UpdkLa4HbstfGxsgn5AiABo547
        oY98upa865BpAdhskWxFmdVbKGHM+kI5HYj0MA==
        -----END CERTIFICATE-----
        """
    /// Another root of the same name, with another key.
    public static let ca2 = """
        -----BEGIN CERTIFICATE-----
        MIIByTCCAW+gAwIBAgIUeeyBtQsnZdNrQRynSOe/Zs0WDVgwCgYIKoEcz1UBg3Uw
        MjELMAkGA1UEBhMCQ04xEDAOBgNVBAoMB1Rlc3QgQ0ExETAPBgNVBAMMCFNNMiBS
        b290MB4XDTI2MTEzMDAzMTgyNFoXDTM2MTEyNzAzMTgyNFowMjELMAkGA1UEBhMC
        Q04xEDAOBgNVBAoMB1Rlc3QgQ0ExETAPBgNVBAMMCFNNMiBSb290MFkwEwYHKoZI
        zj0CAQYIKoEcz1UBgi0DQgAEzyqNtuTlfG8EWa66xNDfCSJb5Tm+N+meEWPQShrA
        XYDUZkfG7zyyMu6ZFJ55i1b/toKcQZ44wKyvz2VpkEzp7KNjMGEwHQYDVR0OBBYE
        FMS6GZSKSEdLFN0EkezfyV1XysvaMB8GA1UdIwQYMBaAFMS6GZSKSEdLFN0Ekezf
        yV1XysvaMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMAoGCCqBHM9V
        AYN1A0gAMEUCIQClziQkAf6KL3Fqi4D7IjzWK4h19RaH+LE4gJ7CMFyBxwIgUEuq
        9HwztwvskaMq9C4ABiHJJjoCAD5df8oOgCLU5C8=
        -----END CERTIFICATE-----
        """
    /// An authority below the root, with none below it (path length 0).
    public static let mid = """
        -----BEGIN CERTIFICATE-----
        MIIB1TCCAXqgAwIBAgIUFSORnzccWNmcMmtSeZxiT/e2Wb4wCgYIKoEcz1UBg3Uw
        MjELMAkGA1UEBhMCQ04xEDAOBgNVBAoMB1Rlc3QgQ0ExETAPBgNVBAMMCFNNMiBS
        b290MB4XDTI2MTEzMDAzMTgyM1oXDTM2MTEyNzAzMTgyM1owOjELMAkGA1UEBhMC
        Q04xEDAOBgNVBAoMB1Rlc3QgQ0ExGTAXBgNVBAMMEFNNMiBJbnRlcm1lZGlhdGUw
        WTATBgcqhkjOPQIBBggqgRzPVQGCLQNCAAQnbvmF0h5rPxzdWNzf2Lrkq3xSwK1s
        qLsYWnABL6VGec+yJksdL4D3wpgKjHbKUxnTd926E+4x7jaVabHPrlQuo2YwZDAS
        BgNVHRMBAf8ECDAGAQH/AgEAMA4GA1UdDwEB/wQEAwIBBjAdBgNVHQ4EFgQU1Cm3
        QVZSUW2Z7GoK0BxMQBaC8tEwHwYDVR0jBBgwFoAUeQyvrKd8/4TjoH5VdQgpbxZI
        ncUwCgYIKoEcz1UBg3UDSQAwRgIhAN6Q6hV63/b45sogPnVAEzYTfPyBCAjd93DR
        pWXyTFbHAiEAzKv03OgmOaGdRnBJ4JISajOvLzJKmLC9D66EI2lJCXc=
        -----END CERTIFICATE-----
        """
    /// An authority below that one, all the same.
    public static let below = """
        -----BEGIN CERTIFICATE-----
        MIIB0DCCAXegAwIBAgIUMs2fmczP+eoCgH0SPg5hnY+D8mowCgYIKoEcz1UBg3Uw
        OjELMAkGA1UEBhMCQ04xEDAOBgNVBAoMB1Rlc3QgQ0ExGTAXBgNVBAMMEFNNMiBJ
        bnRlcm1lZGlhdGUwHhcNMjYxMTMwMDMxODI0WhcNMzYxMTI3MDMxODI0WjAyMQsw
        CQYDVQQGEwJDTjEQMA4GA1UECgwHVGVzdCBDQTERMA8GA1UEAwwIVG9vIERlZXAw
        WTATBgcqhkjOPQIBBggqgRzPVQGCLQNCAAQsOnkeoef5SntYZxSy+EDVEE6lXNFt
        RaS/AiMpOuziRUNghupcAR57q+T9ReYv3Qg7a2dw3JbBFjamgbHqLmONo2MwYTAP
        BgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwICBDAdBgNVHQ4EFgQU5E/2O1cU
        Vg4OW2Kc9xpGdBFx7RMwHwYDVR0jBBgwFoAU1Cm3QVZSUW2Z7GoK0BxMQBaC8tEw
        CgYIKoEcz1UBg3UDRwAwRAIgZk35bNUSycSSZClb7+Kxin2DInhucD1NHHSPlodM
        X2ACICwcs5PM2bPKWvXJK0ThF9gtvfEfzPIS5+RYF4ay1kfv
        -----END CERTIFICATE-----
        """
    /// A person's, of the one that may not be.
    public static let deep = """
        -----BEGIN CERTIFICATE-----
        MIIBozCCAUigAwIBAgIUJN9IqXLfKk4tyJSZz3rUrSz11oMwCgYIKoEcz1UBg3Uw
        MjELMAkGA1UEBhMCQ04xEDAOBgNVBAoMB1Rlc3QgQ0ExETAPBgNVBAMMCFRvbyBE
        ZWVwMB4XDTI2MTEzMDAzMTgyNFoXDTM2MTEyNzAzMTgyNFowHDELMAkGA1UEBhMC
        Q04xDTALBgNVBAMMBGRlZXAwWTATBgcqhkjOPQIBBggqgRzPVQGCLQNCAARpNIW3
        mX5K81nT7+mdnKpkMdxREY2HFOctI3D6Z1sNjgT0xdLEa5UGAnp+YkSEwB6wyXfx
        Kj8QDYdvB/BjSNQvo1IwUDAOBgNVHQ8BAf8EBAMCBsAwHQYDVR0OBBYEFE/aGFWC
        hNDfiVhTyiYVEYx4JEXfMB8GA1UdIwQYMBaAFORP9jtXFFYODltinPcaRnQRce0T
        MAoGCCqBHM9VAYN1A0kAMEYCIQCq6bV7/98cjbmJq0hO2VLqccRTa3sSyVoUTqzj
        wUUKRgIhAJpdirgjFKw7lOuaQcKqHd32237DJWduuT6zzY6RL6OS
        -----END CERTIFICATE-----
        """
    /// A person's, `CN=张三`, of the authority below the root.
    public static let leaf = """
        -----BEGIN CERTIFICATE-----
        MIICADCCAaagAwIBAgIUMs2fmczP+eoCgH0SPg5hnY+D8mswCgYIKoEcz1UBg3Uw
        OjELMAkGA1UEBhMCQ04xEDAOBgNVBAoMB1Rlc3QgQ0ExGTAXBgNVBAMMEFNNMiBJ
        bnRlcm1lZGlhdGUwHhcNMjYxMTMwMDMxODI0WhcNMzYxMTI3MDMxODI0WjA7MQsw
        CQYDVQQGEwJDTjEbMBkGA1UECgwS5p+Q55yB55a+5o6n5Lit5b+DMQ8wDQYDVQQD
        DAblvKDkuIkwWTATBgcqhkjOPQIBBggqgRzPVQGCLQNCAARfGGSkwBUh6Mw3pE1I
        j7feIXYIMJlTLu+K2P6c6yfP70+H6Phf26g+HX71QQqUVcRGwg1rEs93PVwy4e0E
        qbHJo4GIMIGFMAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgbAMBMGA1UdJQQM
        MAoGCCsGAQUFBwMCMBAGA1UdIAQJMAcwBQYDKgMEMB0GA1UdDgQWBBRq0IHTqgBR
        UBkgQ9c5cSPRqRKmhjAfBgNVHSMEGDAWgBTUKbdBVlJRbZnsagrQHExAFoLy0TAK
        BggqgRzPVQGDdQNIADBFAiEAqWDTYa+TKOWZrE5nAyWBDrCocfq/fInrh53F8W/e
        PqoCIAPh2nFFNlK0lOd/nJN9M1eU2zcaRnjUk/MQly47WF3N
        -----END CERTIFICATE-----
        """
    /// Another person's, `CN=李四`, of the root.
    public static let other = """
        -----BEGIN CERTIFICATE-----
        MIIBpDCCAUqgAwIBAgIUFSORnzccWNmcMmtSeZxiT/e2Wb8wCgYIKoEcz1UBg3Uw
        MjELMAkGA1UEBhMCQ04xEDAOBgNVBAoMB1Rlc3QgQ0ExETAPBgNVBAMMCFNNMiBS
        b290MB4XDTI2MTEzMDAzMTgyNFoXDTM2MTEyNzAzMTgyNFowHjELMAkGA1UEBhMC
        Q04xDzANBgNVBAMMBuadjuWbmzBZMBMGByqGSM49AgEGCCqBHM9VAYItA0IABPsz
        TNCsHNHO81VKNCC+Zi8C6o5kHKKkN4dA+uDNk7HSnMOPLwpGP9u+XEhIs748BkTz
        DiZB49/Q5urI/VQYTHWjUjBQMA4GA1UdDwEB/wQEAwIGwDAdBgNVHQ4EFgQU4mW7
        82SrRf5v4yBj61jJ/tzcz4kwHwYDVR0jBBgwFoAUeQyvrKd8/4TjoH5VdQgpbxZI
        ncUwCgYIKoEcz1UBg3UDSAAwRQIhAJSLEK2rj75ZDQyYjsUPGgxX81Ixd5aABz1n
        csePiR/jAiBKMmqjLJ2ZIRvA4Pec5JQpUX0GdZyhFPZbg60UOI1prg==
        -----END CERTIFICATE-----
        """
    /// Counts for a day.
    public static let short = """
        -----BEGIN CERTIFICATE-----
        MIIBozCCAUmgAwIBAgIUFSORnzccWNmcMmtSeZxiT/e2WcAwCgYIKoEcz1UBg3Uw
        MjELMAkGA1UEBhMCQ04xEDAOBgNVBAoMB1Rlc3QgQ0ExETAPBgNVBAMMCFNNMiBS
        b290MB4XDTI2MTEzMDAzMTgyNFoXDTI2MTIwMTAzMTgyNFowHTELMAkGA1UEBhMC
        Q04xDjAMBgNVBAMMBXNob3J0MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAEHrJ/
        Qwjby3tNKhfaGTcYGCkQm4R23aPOH+ydqbMniFpWP7cr75IaQI+SYDxU16i4r4By
        WfM+Yp2AhQfCfxvvRKNSMFAwDgYDVR0PAQH/BAQDAgbAMB0GA1UdDgQWBBRF5FD5
        ARNo6mwUZ5A9gvlAmXe8OzAfBgNVHSMEGDAWgBR5DK+sp3z/hOOgflV1CClvFkid
        xTAKBggqgRzPVQGDdQNIADBFAiEAoY22D+p/1iJTUCOahqVGvfMBLCn27Jg8mLXu
        KPSPQmwCIAzdsdBtPXJUVznh5UYTSChsi8JHDDZ31STJQB6WkaBl
        -----END CERTIFICATE-----
        """
    /// For encryption alone.
    public static let encrypts = """
        -----BEGIN CERTIFICATE-----
        MIIBpjCCAUygAwIBAgIUFSORnzccWNmcMmtSeZxiT/e2WcEwCgYIKoEcz1UBg3Uw
        MjELMAkGA1UEBhMCQ04xEDAOBgNVBAoMB1Rlc3QgQ0ExETAPBgNVBAMMCFNNMiBS
        b290MB4XDTI2MTEzMDAzMTgyNFoXDTM2MTEyNzAzMTgyNFowIDELMAkGA1UEBhMC
        Q04xETAPBgNVBAMMCGVuY3J5cHRzMFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAE
        xHw8z9G8WmypZef0HPzVhFm+IlEdtCqIQ0ScwlEmLWMYTihaIIKWTP2jZugyUahO
        JC+5I3THuottXKS2LCFNNaNSMFAwDgYDVR0PAQH/BAQDAgQwMB0GA1UdDgQWBBTk
        mfSWGQtnAHs8bC26pmlNuCSCyzAfBgNVHSMEGDAWgBR5DK+sp3z/hOOgflV1CClv
        FkidxTAKBggqgRzPVQGDdQNIADBFAiBvCzDDgluBsrV1s6LyXL95Wt6o64tRYeO+
        A4YrP1ClKgIhAOVwmNrU0ufPKe3Z132l46vOFOCxO+cRaHqxEbzWAYJ0
        -----END CERTIFICATE-----
        """
    /// For servers alone.
    public static let server = """
        -----BEGIN CERTIFICATE-----
        MIIBuTCCAV+gAwIBAgIUFSORnzccWNmcMmtSeZxiT/e2WcIwCgYIKoEcz1UBg3Uw
        MjELMAkGA1UEBhMCQ04xEDAOBgNVBAoMB1Rlc3QgQ0ExETAPBgNVBAMMCFNNMiBS
        b290MB4XDTI2MTEzMDAzMTgyNFoXDTM2MTEyNzAzMTgyNFowHjELMAkGA1UEBhMC
        Q04xDzANBgNVBAMMBnNlcnZlcjBZMBMGByqGSM49AgEGCCqBHM9VAYItA0IABHHM
        wyY/yXIV3k7dVgzvOBjzeQR7lQiSz2vsutyvn6WVxinZZay+tjzLwYSidjb6ngJS
        /nuqgfhju8TpR0CY1PyjZzBlMA4GA1UdDwEB/wQEAwIGwDATBgNVHSUEDDAKBggr
        BgEFBQcDATAdBgNVHQ4EFgQURlwDH2FcPQYvZgaytTaJytGBdnUwHwYDVR0jBBgw
        FoAUeQyvrKd8/4TjoH5VdQgpbxZIncUwCgYIKoEcz1UBg3UDSAAwRQIgbZugHKmo
        n6HnyJKURr41ZdeG5AmmmzZoJN7++q8Q8PQCIQDuXJJLG+jMYW4LRCkNxZMXYmpi
        fjH1vPy4PZlUdzT4Dw==
        -----END CERTIFICATE-----
        """
    /// Has a critical extension that nobody knows.
    public static let strange = """
        -----BEGIN CERTIFICATE-----
        MIIBtDCCAVqgAwIBAgIUFSORnzccWNmcMmtSeZxiT/e2WcMwCgYIKoEcz1UBg3Uw
        MjELMAkGA1UEBhMCQ04xEDAOBgNVBAoMB1Rlc3QgQ0ExETAPBgNVBAMMCFNNMiBS
        b290MB4XDTI2MTEzMDAzMTgyNFoXDTM2MTEyNzAzMTgyNFowHzELMAkGA1UEBhMC
        Q04xEDAOBgNVBAMMB3N0cmFuZ2UwWTATBgcqhkjOPQIBBggqgRzPVQGCLQNCAARS
        32XDqiz8SlrdsDKruaJ7bepblzZANOW+Q1R5aIyhn3DTV5rXyyMsI1Rx2hkf93d0
        Zg9st8vsCLmq1Y11Tz52o2EwXzAOBgNVHQ8BAf8EBAMCBsAwDQYEKgMEBQEB/wQC
        BQAwHQYDVR0OBBYEFLWw4wEQFq7mgsCRxGunoE0rPqNeMB8GA1UdIwQYMBaAFHkM
        r6ynfP+E46B+VXUIKW8WSJ3FMAoGCCqBHM9VAYN1A0gAMEUCIQCqDjdFo0i6CU/r
        LwWsCSQYACjj/xXCZ0isl9Pg/MGz/AIgf7ie/Hx3oFJU16JQ1GbCm+a9LsPNEPa3
        4+0gsnF/2W4=
        -----END CERTIFICATE-----
        """
    /// Of a key on another curve.
    public static let p256 = """
        -----BEGIN CERTIFICATE-----
        MIIBojCCAUigAwIBAgIUFSORnzccWNmcMmtSeZxiT/e2WcQwCgYIKoEcz1UBg3Uw
        MjELMAkGA1UEBhMCQ04xEDAOBgNVBAoMB1Rlc3QgQ0ExETAPBgNVBAMMCFNNMiBS
        b290MB4XDTI2MTEzMDAzMTgyNFoXDTM2MTEyNzAzMTgyNFowHDELMAkGA1UEBhMC
        Q04xDTALBgNVBAMMBHAyNTYwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ7u3r6
        qLFe15mqj63w1oTLD23s/q3WHfw0xUrCiIiPVIwvyXetDuP4iyD24+OcGnaKPEOc
        hN2oouBymvMOCsSHo1IwUDAOBgNVHQ8BAf8EBAMCBsAwHQYDVR0OBBYEFEA0Gato
        uRUh9Ti5HBgyksb/hCWwMB8GA1UdIwQYMBaAFHkMr6ynfP+E46B+VXUIKW8WSJ3F
        MAoGCCqBHM9VAYN1A0gAMEUCIHkSzaQwOUlGR50AjPHHlA9NjKWBKIH7u0xbUppS
        tyzkAiEAzICJhw7Ce8/hWUnB3lKj8jK7kFN3uisPYNgvY+sZE5c=
        -----END CERTIFICATE-----
        """
    /// A person's, which is no authority's.
    public static let noca = """
        -----BEGIN CERTIFICATE-----
        MIIBojCCAUigAwIBAgIUFSORnzccWNmcMmtSeZxiT/e2WcUwCgYIKoEcz1UBg3Uw
        MjELMAkGA1UEBhMCQ04xEDAOBgNVBAoMB1Rlc3QgQ0ExETAPBgNVBAMMCFNNMiBS
        b290MB4XDTI2MTEzMDAzMTgyNFoXDTM2MTEyNzAzMTgyNFowHDELMAkGA1UEBhMC
        Q04xDTALBgNVBAMMBG5vY2EwWTATBgcqhkjOPQIBBggqgRzPVQGCLQNCAAQ+4dyA
        b2M/a0G6bZD+PTB/Ce+L5NlViI/dk4Mgu8DfdD5UPHmD8ygCkolMqyOXxfyGWn6n
        OCYhRE1GX2hGE/Zzo1IwUDAOBgNVHQ8BAf8EBAMCBsAwHQYDVR0OBBYEFLR6RcSe
        KjSw5fXiAGDSIVs8z5xpMB8GA1UdIwQYMBaAFHkMr6ynfP+E46B+VXUIKW8WSJ3F
        MAoGCCqBHM9VAYN1A0gAMEUCIC60sRChM7R6pcUbcGhdtz1jUs0PlpKu6Mr87QPW
        emEyAiEA3Fr1LqteRFHTbJWkKAc7wMwKGeAj7k0CdOcJKRXvBGI=
        -----END CERTIFICATE-----
        """
    /// Signed by that person.
    public static let child = """
        -----BEGIN CERTIFICATE-----
        MIIBjjCCATOgAwIBAgIURtJ8qFA0H5Xo5JwdCrrebKDE988wCgYIKoEcz1UBg3Uw
        HDELMAkGA1UEBhMCQ04xDTALBgNVBAMMBG5vY2EwHhcNMjYxMTMwMDMxODI0WhcN
        MzYxMTI3MDMxODI0WjAdMQswCQYDVQQGEwJDTjEOMAwGA1UEAwwFY2hpbGQwWTAT
        BgcqhkjOPQIBBggqgRzPVQGCLQNCAASWgnN6X4jB/ZOfgYRw0xLMLEo5X+GaA+v/
        zpAfqQzlBQ9DwR/X6VG/wV7sKLr3yW7owr0oKzJa3mf/hiuQFS0eo1IwUDAOBgNV
        HQ8BAf8EBAMCBsAwHQYDVR0OBBYEFHwwEcz3HOL1TqATpSPHDoG+ceoCMB8GA1Ud
        IwQYMBaAFLR6RcSeKjSw5fXiAGDSIVs8z5xpMAoGCCqBHM9VAYN1A0kAMEYCIQD9
        WznRJHF7hC/2T0wjbEnNPvBQgEtk7VBI6ufW/mdX5AIhAIuz3TUaUMymEPqPkmCx
        1Qh4kP83gvKmZuKt5EC15+wK
        -----END CERTIFICATE-----
        """
    /// The key of `leaf`.
    public static let leafKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqBHM9VAYItBG0wawIBAQQg9OS4YtkiV7FXS5pX
        JkYrjK5lVMgbb4aFlgRcImJl6yChRANCAARfGGSkwBUh6Mw3pE1Ij7feIXYIMJlT
        Lu+K2P6c6yfP70+H6Phf26g+HX71QQqUVcRGwg1rEs93PVwy4e0EqbHJ
        -----END PRIVATE KEY-----
        """
    /// The same as `openssl ec` writes it.
    public static let leafKeyOfEC = """
        -----BEGIN SM2 PRIVATE KEY-----
        MHcCAQEEIPTkuGLZIlexV0uaVyZGK4yuZVTIG2+GhZYEXCJiZesgoAoGCCqBHM9V
        AYItoUQDQgAEXxhkpMAVIejMN6RNSI+33iF2CDCZUy7vitj+nOsnz+9Ph+j4X9uo
        Ph1+9UEKlFXERsINaxLPdz1cMuHtBKmxyQ==
        -----END SM2 PRIVATE KEY-----
        """
    /// The key of `other`.
    public static let otherKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqBHM9VAYItBG0wawIBAQQgd8d5VELoP8QldSve
        oBHypYwLOUr8MKwz7aqxkGRBmG6hRANCAAT7M0zQrBzRzvNVSjQgvmYvAuqOZByi
        pDeHQPrgzZOx0pzDjy8KRj/bvlxISLO+PAZE8w4mQePf0ObqyP1UGEx1
        -----END PRIVATE KEY-----
        """
    public static let challenge = "vedette-sign-in:chen:0123456789abcdef:00ff"
    /// By the key of `leaf`, with `openssl pkeyutl -sign -rawin -digest sm3`: DER in base64.
    public static let signature =
        "MEYCIQCMCfvMwunO3gj+hucHEXlaRmwJW0cysli29V0L5wRJOAIhAPck+byhk2X9mZhVsHbqwvITX5d41TjsTe1dlyHkST0z"
}
