import Foundation
import TestSupport

/// A self-signed certificate for localhost, its key, and a key that belongs to nothing. Made for these tests, of no use elsewhere.
enum TLSFiles {
    static func write(in folder: TemporaryFolder) throws -> (certificate: String, key: String, other: String) {
        let texts = ["cert.pem": certificate, "key.pem": key, "other.pem": other]
        for (name, text) in texts { try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file(name))) }
        return (folder.file("cert.pem"), folder.file("key.pem"), folder.file("other.pem"))
    }

    /// From 2024 to 2124.
    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBZzCCAQ2gAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
        c3QwIBcNMjQwMTAxMDAwMDAwWhgPMjEyNDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
        CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABC/uVkwKh9xrS2sE
        bFmpsUM0gaFuE+MJlNZtN814cOJvTdyJNlkbbBB10V4UhCaOtqHIC/Aj88XQaBYz
        rFmOSdKjTjBMMBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAPBgNVHRMBAf8E
        BTADAQH/MB0GA1UdDgQWBBTutsxAiakk8/fE1naV2gZfCXWoZTAKBggqhkjOPQQD
        AgNIADBFAiAkuLToxKVCH6wZl27Znff97CXxucK+GA9YdeTqAYlPqAIhAIXV9MS2
        Z0hedDg70IDq71tHUUt4lWz8dY1vpn+Xdm/M
        -----END CERTIFICATE-----

        """

    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgK+5q4BokZIPzcxZg
        GjHQrN4ROmmQaTqqg/WPAr7X0t2hRANCAAQv7lZMCofca0trBGxZqbFDNIGhbhPj
        CZTWbTfNeHDib03ciTZZG2wQddFeFIQmjrahyAvwI/PF0GgWM6xZjknS
        -----END PRIVATE KEY-----

        """

    private static let other = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIAD+M7ZE7ZZtsZeT6pQH0Ap5TJzcIkkklKfUMfZ4uxXeoAoGCCqGSM49
        AwEHoUQDQgAE9PSXgfXgskkqq0BcMj7vGiQsLCT7vEUvJgHcVShkTMt6W3LhsnAq
        hAKaL7OC1txFDHXhnQKv5AQiYLGDiuWUbw==
        -----END EC PRIVATE KEY-----

        """
}
