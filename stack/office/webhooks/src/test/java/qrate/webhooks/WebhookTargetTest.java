package qrate.webhooks;

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
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.core.Control;

/// What control/webhooks and control/webhooksecret may say.
class WebhookTargetTest {
    @TempDir
    Path folder;

    private Control control() {
        return new Control(folder, InstantSource.system());
    }

    @Test
    void aLineNamesAPlaceAndWhatItWants() {
        WebhookTarget all =
                WebhookTarget.parse("https://hooks.example.org/qrate?key=1").orElseThrow();
        assertEquals(Set.of(Notice.Event.values()), all.events());
        assertEquals("hooks.example.org", all.shown());
        WebhookTarget some = WebhookTarget.parse("https://hooks.example.org:8443/ problem\tsender")
                .orElseThrow();
        assertEquals(Set.of(Notice.Event.PROBLEM, Notice.Event.SENDER), some.events());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:9/", "http://[::1]/x", "http://localhost/"})
    void onThisMachineTlsIsNotNeeded(String line) {
        assertTrue(WebhookTarget.parse(line).isPresent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://hooks.example.org/",
                "http://127.0.0.1.example.org/",
                "http://localhost.example.org/",
                "ftp://hooks.example.org/",
                "file:///etc/passwd",
                "https:///x",
                "hooks.example.org",
                "https://ann:secret@hooks.example.org/",
                "https://hooks.example.org/#x",
                "https://hooks.example.org/ everything",
                "https://hooks.example.org/a b",
            })
    void everythingElseIsRefused(String line) {
        assertTrue(WebhookTarget.parse(line).isEmpty(), line);
    }

    @Test
    void whatIsWrongIsNamedWithoutWhatStandsThere() throws IOException {
        assertEquals(List.of(), WebhookTarget.of(control()));
        Files.writeString(folder.resolve("webhooks"), "https://hooks.example.org/a\nhttp://x.test/?key=hidden\n");
        IOException why = assertThrows(IOException.class, () -> WebhookTarget.of(control()));
        assertTrue(why.getMessage().startsWith("control/webhooks: line 2: not https://"), why::getMessage);
        assertFalse(why.getMessage().contains("hidden"), why::getMessage);
        Files.writeString(folder.resolve("webhooks"), "https://h.test/1\n".repeat(5));
        assertEquals(1, WebhookTarget.of(control()).size());
    }

    @Test
    void aSecretIsLongAndNotForEverybody() throws IOException {
        assertEquals("control/webhooksecret: missing: what messages are signed with", refusal());
        Path file = Files.writeString(folder.resolve("webhooksecret"), "too short\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertEquals("control/webhooksecret: shorter than 16 characters", refusal());
        Files.writeString(file, "x".repeat(5000));
        assertEquals("control/webhooksecret: longer than 4096 bytes", refusal());
        Files.writeString(file, "key\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals("control/webhooksecret: everybody may read it: chmod o-rwx it", refusal());
    }

    private String refusal() {
        return assertThrows(IOException.class, () -> Signature.of(control())).getMessage();
    }

    /// Computed by another implementation: `printf 1.{} | openssl dgst -sha256 -hmac "a secret of 16 c"`.
    @Test
    void theSignatureIsTheOneOfTheStandard() {
        assertEquals(
                "b7e8e290cc3db7d2131d6b07ecd6ecb64aac6ecb52e5a94f0d9346ea823a4d75",
                new Signature("a secret of 16 c").of(1, "{}"));
    }
}
