package qrate.smtpd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Program;
import qrate.tcpserver.Certificates;
import qrate.tcpserver.Listener;
import qrate.testkit.WireScript;

class QmailNewmrhTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private int run(House house, String... arguments) {
        PrintStream print = new PrintStream(said, true, StandardCharsets.UTF_8);
        return new QmailNewmrh(house.controls())
                .run(List.of(arguments), new Program.Stdio(Map.of(), InputStream.nullInputStream(), print, print));
    }

    @Test
    void compilesWhatSmtpdThenAccepts() throws IOException {
        House house = new House(folder);
        house.control("rcpthosts", "example.test");
        house.control("morercpthosts", "# more\nMany.example  \n.wild.example\n");
        assertEquals(0, run(house));
        String refused = "S: 553 5.7.1 sorry, that domain isn't in my list of allowed rcpthosts";
        try (Listener listener = house.listen(Kind.MX, Certificates.none(), Map.of())) {
            WireScript.play(
                    List.of(
                            "S~ 220 .*",
                            "C: HELO x",
                            "S~ 250 .*",
                            "C: MAIL FROM:<>",
                            "S~ 250 .*",
                            "C: RCPT TO:<a@many.EXAMPLE>",
                            "S: 250 2.1.5 ok",
                            "C: RCPT TO:<a@sub.wild.example>",
                            "S: 250 2.1.5 ok",
                            "C: RCPT TO:<a@wild.example>",
                            refused,
                            "C: RCPT TO:<a@sub.many.example>",
                            refused,
                            "C: QUIT"),
                    listener.port());
        }
    }

    @Test
    void leavesTheOldFileAloneWhenSomethingIsWrong() throws IOException {
        House house = new House(folder);
        Path cdb = Files.writeString(house.control.resolve("morercpthosts.cdb"), "old");
        assertEquals(111, run(house));
        assertEquals(100, run(house, "argument"));
        Files.write(house.control.resolve("morercpthosts"), new byte[] {(byte) 0xff, '\n'});
        assertEquals(111, run(house));
        assertArrayEquals("old".getBytes(StandardCharsets.UTF_8), Files.readAllBytes(cdb));
        assertEquals("""
                qmail-newmrh: fatal: unable to read control/morercpthosts: no such file
                qmail-newmrh: usage: qmail-newmrh
                qmail-newmrh: fatal: control/morercpthosts: not UTF-8
                """, said.toString(StandardCharsets.UTF_8));
    }
}
