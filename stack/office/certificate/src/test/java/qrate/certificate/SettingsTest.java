package qrate.certificate;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.core.Control;

/// What the control files may say.
class SettingsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void me() throws IOException {
        wants("me", "mail.example.test");
    }

    private void wants(String name, String value) throws IOException {
        Files.writeString(folder.resolve(name), value + "\n");
    }

    private Optional<Settings> read() throws IOException {
        return Settings.of(new Control(folder, InstantSource.system()));
    }

    private String wrong() {
        return assertThrows(IOException.class, this::read).getMessage();
    }

    @Test
    void withoutAcmeNoCaIsAsked() throws IOException {
        wants("acmenames", "nonsense of its own!");
        assertEquals(Optional.empty(), read());
    }

    @Test
    void oneLineIsEnough() throws IOException {
        wants("acme", "letsencrypt");
        Settings settings = read().orElseThrow();
        assertEquals(
                "https://acme-v02.api.letsencrypt.org/directory",
                settings.directory().toString());
        assertEquals(List.of("mail.example.test"), settings.names());
        assertEquals(List.of(Settings.Kind.ECDSA), settings.kinds());
        assertTrue(settings.hook().isEmpty()
                && settings.binding().isEmpty()
                && settings.trusted().isEmpty());
    }

    @Test
    void namesAreInOneFormAndEachOnce() throws IOException {
        wants("acme", "https://ca.example:14000/dir");
        wants("acmenames", "# ours\nMail.Example.TEST bücher.example\n\nmail.example.test");
        assertEquals(
                List.of("mail.example.test", "xn--bcher-kva.example"),
                read().orElseThrow().names());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nobody",
                "http://ca.example/",
                "ftp://ca.example/",
                "https://u:p@ca.example/",
                "https:///x",
                "https://ca.example/#x",
                "http://localhost@evil.example/"
            })
    void noCaIsAskedThatIsNone(String acme) throws IOException {
        wants("acme", acme);
        assertTrue(wrong().startsWith("control/acme: "), acme);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "a b..c",
                "-x.example",
                "x.example/../y",
                "127.0.0.1 _",
                "*.example.test",
                "*.*.test",
                "x.example."
            })
    void noNameIsAskedForThatIsNone(String name) throws IOException {
        wants("acme", "letsencrypt");
        wants("acmenames", name);
        assertTrue(wrong().startsWith("control/acmenames: "), name);
    }

    @Test
    void namesHaveAnEnd() throws IOException {
        wants("acme", "letsencrypt");
        StringBuilder names = new StringBuilder();
        for (int i = 0; i <= Settings.NAMES_MAX; i++) {
            names.append("h").append(i).append(".example.test\n");
        }
        wants("acmenames", names.toString());
        assertTrue(wrong().contains("at most 100"));
    }

    @Test
    void aHookIsAProgramOfOnesOwn() throws IOException {
        wants("acme", "letsencrypt");
        Path hook = folder.resolve("hook");
        for (String bad : List.of(hook.toString(), "hook", folder.toString(), "/bin/sh -c x")) {
            wants("acmehook", bad);
            assertTrue(wrong().contains("no program by that full name"), bad);
        }
        Files.writeString(hook, "#!/bin/sh\n");
        wants("acmehook", hook.toString());
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xrwx"));
        assertTrue(wrong().contains("everybody may write it"));
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
        wants("acmenames", "*.example.test");
        assertEquals(List.of("*.example.test"), read().orElseThrow().names());
    }

    @Test
    void accountsElsewhereHaveAnIdAndAKeyThatIsNotShown() throws IOException {
        wants("acme", "zerossl");
        wants("acmeeab", "kid-1  abcdEFGH_-12==");
        Settings.Binding binding = read().orElseThrow().binding().orElseThrow();
        assertEquals("kid-1", binding.id());
        assertEquals("abcdEFGH_-12", binding.key());
        assertFalse(read().toString().contains("abcdEFGH"));
        for (String bad : List.of("kid-1", "kid-1 a+b/cdefgh", "a b c")) {
            wants("acmeeab", bad);
            assertTrue(wrong().startsWith("control/acmeeab: "), bad);
        }
    }

    @ParameterizedTest
    @CsvSource({"ecdsa,1", "rsa,1", "ecdsa rsa,2", "rsa  ecdsa,2"})
    void kindsOfKeysAreTwo(String line, int count) throws IOException {
        wants("acme", "letsencrypt");
        wants("acmekeys", line);
        assertEquals(count, read().orElseThrow().kinds().size());
    }

    @Test
    void whatIsNoneIsNamed() throws IOException {
        wants("acme", "letsencrypt");
        wants("acmekeys", "dsa");
        assertTrue(wrong().startsWith("control/acmekeys: "));
        Files.delete(folder.resolve("acmekeys"));
        wants("acmeemail", "a@b.test, c@d.test");
        assertTrue(wrong().startsWith("control/acmeemail: "));
    }
}
