package qrate.tcpserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Keys and certificates in the forms that tools write.
class PemTest {
    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private Door door;
    private Path certificate;
    private Path key;

    @BeforeEach
    void open() throws IOException {
        door = new Door(folder);
        certificate = folder.resolve("tls/cert.pem");
        key = folder.resolve("tls/key.pem");
    }

    /// What PKCS #8 holds a key in: what openssl wrote before it wrote PKCS #8.
    private static byte[] inner(Path pkcs8) throws IOException {
        byte[] der = Base64.getMimeDecoder()
                .decode(Files.readAllLines(pkcs8).stream()
                        .filter(line -> !line.startsWith("-"))
                        .collect(Collectors.joining()));
        // an OCTET STRING that reaches to the end, with a SEQUENCE in it
        for (int at = 0; at < der.length; at++) {
            int header = (der[at + 1] & 0xff) < 0x80 ? 2 : 2 + (der[at + 1] & 0x7f);
            int length =
                    new BigInteger(1, Arrays.copyOfRange(der, header == 2 ? at + 1 : at + 2, at + header)).intValue();
            if (der[at] == 0x04 && at + header + length == der.length && der[at + header] == 0x30) {
                return Arrays.copyOfRange(der, at + header, der.length);
            }
        }
        throw new IOException("no key in it");
    }

    private static String pem(String label, byte[] der, String newline) {
        return "-----BEGIN " + label + "-----" + newline
                + Base64.getMimeEncoder(64, newline.getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der) + newline
                + "-----END " + label + "-----" + newline;
    }

    private Certificates certificates() {
        return Certificates.in(folder.resolve("tls"), now::get, door.log());
    }

    private void loads(String what) {
        Certificates certificates = certificates();
        assertTrue(certificates.available(), () -> what + ": " + certificates.problem());
        assertEquals(Optional.empty(), certificates.problem());
    }

    private void fails(String why) {
        Certificates certificates = certificates();
        assertFalse(certificates.available());
        String problem = certificates.problem().orElseThrow();
        assertTrue(problem.contains(why), problem);
        assertTrue(door.lines().contains(why), door.lines());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void readsEveryUsualFormOfAKey(String algorithm) throws Exception {
        Door.certify(folder.resolve("tls"), algorithm);
        String pkcs8 = Files.readString(key);
        String chain = Files.readString(certificate);
        byte[] old = inner(key);
        String parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
        for (String newline : List.of("\n", "\r\n")) {
            String form = pem(algorithm + " PRIVATE KEY", old, newline);
            for (String text : List.of(
                    form,
                    parameters + form,
                    "\u00ef\u00bb\u00bf" + form, // a byte order mark
                    "Bag Attributes\n    friendlyName: mail\nKey Attributes: <No Attributes>\n" + form,
                    pkcs8.replace("\n", newline),
                    chain + form,
                    form + chain)) {
                Files.writeString(key, text, StandardCharsets.ISO_8859_1);
                loads(text);
            }
        }
        Files.delete(key);
        for (String both : List.of(pkcs8 + chain, chain + pem(algorithm + " PRIVATE KEY", old, "\n"))) {
            Files.writeString(certificate, both);
            loads(both);
        }
    }

    @Test
    void findsTheHostsOwnCertificateAnywhereInItsChain() throws Exception {
        Door.certify(folder.resolve("tls"), "RSA");
        String other = Files.readString(certificate);
        Door.certify(folder.resolve("tls"), "EC");
        Files.writeString(certificate, other + Files.readString(certificate));
        loads("the own one last");
    }

    @Test
    void saysWhatIsWrongWithAKey() throws Exception {
        Door.certify(folder.resolve("tls"), "EC");
        String good = Files.readString(key);
        Files.writeString(key, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        fails("key.pem: it is encrypted");
        Files.writeString(key, """
                -----BEGIN RSA PRIVATE KEY-----
                Proc-Type: 4,ENCRYPTED
                DEK-Info: AES-128-CBC,00

                MAAA
                -----END RSA PRIVATE KEY-----
                """);
        fails("key.pem: it is encrypted");
        Files.writeString(key, "-----BEGIN OPENSSH PRIVATE KEY-----\nMAAA\n-----END OPENSSH PRIVATE KEY-----\n");
        fails("key.pem: it has the form of OpenSSH");
        for (String bad : List.of("", "nonsense", "-----BEGIN PRIVATE KEY-----\nMAAA\n")) {
            Files.writeString(key, bad);
            fails("key.pem: no private key in it");
        }
        for (String bad : List.of("MAAA", "*", "")) {
            for (String label : List.of("PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY")) {
                Files.writeString(key, "-----BEGIN " + label + "-----\n" + bad + "\n-----END " + label + "-----\n");
                fails("key.pem: ");
            }
        }
        Files.delete(key);
        fails("key.pem: no such file");
        Files.writeString(key, good);
        loads("the good one again");
        Files.writeString(certificate, "nothing");
        fails("cert.pem: no certificate in it");
        Files.delete(certificate);
        assertTrue(certificates().problem().orElseThrow().startsWith("there is no certificate"));
    }

    @Test
    void isIllOnceTheCertificateEndedAndWhileTheNextCannotBeUsed() throws Exception {
        Door.certify(folder.resolve("tls"), "EC");
        Certificates certificates = certificates();
        SSLContext first = certificates.context().orElseThrow();
        assertEquals(Optional.empty(), certificates.problem());
        byte[] good = Files.readAllBytes(key);
        Files.writeString(key, "half written");
        now.updateAndGet(time -> time.plusSeconds(2));
        assertTrue(certificates.problem().orElseThrow().endsWith("; the one before stays in use"));
        assertSame(first, certificates.context().orElseThrow());
        Files.write(key, good);
        now.updateAndGet(time -> time.plusSeconds(2));
        assertEquals(Optional.empty(), certificates.problem());
        now.updateAndGet(time -> time.plus(Duration.ofHours(2)));
        assertTrue(certificates.problem().orElseThrow().startsWith("the certificate ended at "));
        assertTrue(certificates.available(), "better than nothing");
    }
}
