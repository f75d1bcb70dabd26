package qrate.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;
import qrate.core.Control;
import qrate.testkit.DnsServer;

/// What is believed of a name server, and which control files make one.
class NameServerTest {
    @TempDir
    Path folder;

    private String refusal() {
        return assertThrows(IOException.class, () -> NameServer.of(new Control(folder, InstantSource.system())))
                .getMessage();
    }

    @Test
    void withoutTheControlFileThereIsNone() throws IOException {
        assertEquals(Optional.empty(), NameServer.of(new Control(folder, InstantSource.system())));
    }

    @Test
    void theSecretIsItsOwnersAlone() throws IOException {
        NameServer server = Bind.named(folder, "192.0.2.53:5353 qrate-key hmac-sha512", Bind.SECRET);
        assertEquals("192.0.2.53:5353", server.toString());
        for (String open : List.of("rw-r-----", "rw-rw----", "rw----r--")) {
            Files.setPosixFilePermissions(folder.resolve("dnsupdatekey"), PosixFilePermissions.fromString(open));
            assertTrue(refusal().contains("chmod 600"), this::refusal);
        }
        Files.delete(folder.resolve("dnsupdatekey"));
        assertTrue(refusal().contains("missing"), this::refusal);
    }

    @Test
    void whatMakesNoSenseIsSaidWithoutTheSecret() throws IOException {
        for (String line : List.of("192.0.2.53", "192.0.2.53:x key", "192.0.2.53 key hmac-md5", "a b hmac-sha256 d")) {
            IOException why = assertThrows(IOException.class, () -> Bind.named(folder, line, Bind.SECRET));
            assertTrue(why.getMessage().startsWith("control/dnsupdate:"), why::getMessage);
        }
        for (String secret : List.of("not base64, but secret", "c2hvcnQ=", "")) {
            IOException why = assertThrows(IOException.class, () -> Bind.named(folder, "192.0.2.53 key", secret));
            assertTrue(why.getMessage().startsWith("control/dnsupdatekey:"), why::getMessage);
            assertFalse(why.getMessage().contains("secret,") || why.getMessage().contains("c2h"), why::getMessage);
        }
    }

    @Test
    void anAnswerWithoutTheKeysSignatureIsNotBelieved() throws IOException {
        try (DnsServer other = DnsServer.start().put("example.org", "A", "192.0.2.1")) {
            NameServer server = Bind.named(folder, other.hostAndPort() + " qrate-key", Bind.SECRET);
            IOException why = assertThrows(IOException.class, () -> server.zone(Name.fromString("example.org.")));
            assertTrue(why.getMessage().contains("not believed"), why::getMessage);
        }
    }
}
