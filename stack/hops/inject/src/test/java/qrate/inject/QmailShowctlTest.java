package qrate.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Control;
import qrate.core.Program;

class QmailShowctlTest {
    @TempDir
    Path folder;

    private String out = "";

    @Test
    void showsWhatIsThereAndWhatHoldsOtherwise() throws IOException {
        put("me", "mail.example.test");
        put("concurrencylocal", "7");
        put("rcpthosts", "a.test\n# note\nb.test");
        put("smtproutes", ":relay.test:587 ann:hushhush");
        assertEquals(0, run());
        assertTrue(out.contains("me: mail.example.test\n"), out);
        assertTrue(out.contains("concurrencylocal: 7\n"), out);
        assertTrue(out.contains("concurrencyremote: (Default.) 20\n"), out);
        assertTrue(out.contains("helohost: (Default.) mail.example.test\n"), out);
        assertTrue(out.contains("rcpthosts:\n  a.test\n  b.test\n"), out);
        assertTrue(out.contains("  :relay.test:587 ann:(hidden)\n"), out);
        assertFalse(out.contains("hushhush"), out);
    }

    @Test
    void namesEachProblem() throws IOException {
        put("timeoutremote", "soon");
        put("whatsthis", "x");
        Files.write(folder.resolve("locals"), new byte[] {(byte) 0xff});
        assertEquals(100, run());
        assertTrue(out.contains("me: PROBLEM"), out);
        assertTrue(out.contains("timeoutremote: PROBLEM: control/timeoutremote: not a whole number"), out);
        assertTrue(out.contains("locals: PROBLEM"), out);
        assertTrue(out.contains("whatsthis: I have no idea what this file does."), out);
    }

    @Test
    void saysWhenTheFolderCannotBeListed() throws IOException {
        folder = Files.writeString(folder.resolve("control"), "no folder");
        assertEquals(100, run());
        assertTrue(out.contains("PROBLEM: the folder cannot be listed: "), out);
    }

    private void put(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text + "\n");
    }

    private int run(String... arguments) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
        int code = new QmailShowctl(new Control(folder, InstantSource.system()))
                .run(List.of(arguments), new Program.Stdio(Map.of(), InputStream.nullInputStream(), stream, stream));
        out = printed.toString(StandardCharsets.UTF_8);
        return code;
    }

    @Test
    void printsTheSameAsJson() throws IOException {
        put("me", "mail.example.test");
        put("rcpthosts", "a.test\n\"\u001b\u9673.test");
        put("smtproutes", ":relay.test:587 ann:hushhush");
        put("timeoutremote", "soon");
        put("whatsthis", "x");
        assertEquals(100, run("--json"));
        assertTrue(out.startsWith("{\"folder\":\"" + folder + "\",\"files\":[{\"file\":\""), out);
        assertTrue(out.contains("{\"file\":\"me\",\"value\":\"mail.example.test\"}"), out);
        assertTrue(out.contains("{\"file\":\"concurrencyremote\",\"default\":\"20\"}"), out);
        assertTrue(out.contains("{\"file\":\"rcpthosts\",\"lines\":[\"a.test\",\"\\\"\\u001b\u9673.test\"]}"), out);
        assertTrue(out.contains("\"lines\":[\":relay.test:587 ann:(hidden)\"]"), out);
        assertTrue(
                out.contains("{\"file\":\"timeoutremote\",\"problem\":\"control/timeoutremote: not a whole number"),
                out);
        assertTrue(out.endsWith("],\"unknown\":[\"whatsthis\"],\"problems\":2}\n"), out);
        assertEquals(1, out.lines().count());
    }
}
