package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What pages and figures say of the certificate.
class CertificatePagesTest {
    /// Self-signed, until 2126.
    private static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBvDCCAWGgAwIBAgIUdyb2vY7KlDp3nh2n5NDBUgx3WEkwCgYIKoZIzj0EAwIw
            HDEaMBgGA1UEAwwRbWFpbC5leGFtcGxlLnRlc3QwIBcNMjYxMTI5MTM0NzMwWhgP
            MjEyNjExMDUxMzQ3MzBaMBwxGjAYBgNVBAMMEW1haWwuZXhhbXBsZS50ZXN0MFkw
            EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEL9bZlAoJgclWVusFdEvlvZddumo7PMxt
            HKu4vbGPM0EkLtQgzd5q2+oRB/G2pzdNjIvLMynqhosgd7roL0KugqN/MH0wHQYD
            VR0OBBYEFImGjsRJfTYnM27LTLS7/I+yMkFOMB8GA1UdIwQYMBaAFImGjsRJfTYn
            M27LTLS7/I+yMkFOMA8GA1UdEwEB/wQFMAMBAf8wKgYDVR0RBCMwIYIRbWFpbC5l
            eGFtcGxlLnRlc3SCDGV4YW1wbGUudGVzdDAKBggqhkjOPQQDAgNJADBGAiEAlM/k
            XDGYH5pWmmbd+ruL8rPexlcN3reF+lvmq+vv7BwCIQC2Rn2cxqQ7i7Fc/JrnxYMG
            syRNOw31OWejxE4nGIgOGA==
            -----END CERTIFICATE-----
            """;

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new Rig(folder);
        Files.createDirectories(rig.state.tls().resolve("acme"));
        Files.writeString(rig.state.tls().resolve("cert.pem"), CERTIFICATE);
        Files.writeString(rig.state.control().resolve("me"), "mail.example.test\n");
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    @Test
    void administratorsSeeItAndNobodyElse() throws IOException {
        Files.writeString(rig.state.control().resolve("acme"), "https://ca.test/directory\n");
        Files.writeString(
                rig.state.tls().resolve("acme/state"),
                "failure 2 2026-11-29T10:00:00Z 2026-11-29T11:00:00Z 2026-11-29T12:00:00Z 2026-11-29T11:00:00Z <b>no</b>\n");
        String page = rig.browser().signIn("admin").get("/certificate").body();
        assertTrue(page.contains("Certificate for mail.example.test, example.test"), page);
        assertTrue(page.contains("Failed attempts: 2, since 29 Nov 2026, 10:00 UTC"), page);
        assertTrue(page.contains("&lt;b>no") || page.contains("&lt;b&gt;no"), page);
        assertFalse(page.contains("<b>no"), page);
        assertEquals(
                403,
                rig.browser().signIn("ann@example.test").get("/certificate").statusCode());
        assertEquals(303, rig.browser().get("/certificate").statusCode());
    }

    @Test
    void whatCannotBeReadIsSaid() throws IOException {
        Files.writeString(rig.state.control().resolve("acme"), "nonsense\n");
        assertTrue(rig.browser().signIn("admin").get("/certificate").body().contains("control/acme: neither"));
        rig.later();
        assertFalse(rig.browser().get("/metrics").body().contains("qrate_certificate"));
    }

    @Test
    void figuresSayHowLongItLasts() throws IOException {
        rig.later();
        String metrics = rig.browser().get("/metrics").body();
        assertTrue(metrics.contains("\nqrate_certificate_not_after_seconds 49"), metrics);
        assertTrue(metrics.contains("\nqrate_certificate_days_left 3"), metrics);
        assertTrue(metrics.contains("\nqrate_certificate_failures 0\n"), metrics);
        assertFalse(metrics.contains("qrate_certificate_next_seconds"), "no CA is asked");
        Files.delete(rig.state.tls().resolve("cert.pem"));
        rig.later();
        assertFalse(rig.browser().get("/metrics").body().contains("qrate_certificate_days_left"));
    }
}
