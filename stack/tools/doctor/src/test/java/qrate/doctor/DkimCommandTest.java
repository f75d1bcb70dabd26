package qrate.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.ExchangeDoor;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.signer.SignerDoor;

class DkimCommandTest {
    @TempDir
    Path root;

    private String dkim(String... arguments) throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        int code = new DkimCommand(InstantSource.system())
                .run(
                        List.of(arguments),
                        new Program.Stdio(
                                Map.of("QRATE_STATE", root.toString()), InputStream.nullInputStream(), print, print));
        assertEquals(0, code, out.toString(UTF_8));
        return out.toString(UTF_8);
    }

    @Test
    void aHostBelowADomainHereHasNoKeysUntilSomebodyWantsThem() throws Exception {
        State state = new State(root);
        Files.createDirectories(state.control());
        Files.writeString(state.control().resolve("me"), "mail.example.test\n");
        Files.writeString(state.control().resolve("locals"), "mail.example.test\n");
        Files.writeString(state.control().resolve("rcpthosts"), "mail.example.test\nexample.test\n");
        Files.writeString(state.control().resolve("virtualdomains"), "example.test:example.test\n");
        try (ExchangeDoor _ = SignerDoor.open(state, Log.silent())) {
            assertEquals(
                    "mail.example.test has no keys: the domain above it signs its mail. --rotate makes some for it.\n",
                    dkim("mail.example.test"));
            assertTrue(dkim("example.test").contains("._domainkey.example.test rsa-sha256 waits\n"));
            String made = dkim("mail.example.test", "--rotate");
            assertTrue(made.contains("._domainkey.mail.example.test rsa-sha256 waits\n"), made);
            assertTrue(dkim("mail.example.test").startsWith(made.substring(0, made.indexOf(' '))));
        }
    }
}
