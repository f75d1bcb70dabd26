package qrate.migration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.vpopmail.VpasswdLine;

/// `vpasswd.cdb` as another's cdb program makes it, of the keys and values that vpopmail puts there.
@Tag("peer") // cdb of tinycdb
class VpasswdPeerTest {
    @Test
    void aCdbOfAnotherProgramIsReadAsTheTextIs(@TempDir Path folder) throws Exception {
        StringBuilder text = new StringBuilder();
        StringBuilder records = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            String user = "user" + i;
            String line = OldTree.line(user, "domains/old.test", Integer.toString(i), i + "MB");
            String rest = line.strip().substring(user.length() + 1);
            text.append(line);
            records.append('+')
                    .append(user.length())
                    .append(',')
                    .append(rest.length())
                    .append(':')
                    .append(user)
                    .append("->")
                    .append(rest)
                    .append('\n');
        }
        Path input = Files.writeString(folder.resolve("records"), records.append('\n'));
        Path cdb = folder.resolve("vpasswd.cdb");
        Process made = new ProcessBuilder("cdb", "-c", cdb.toString(), input.toString())
                .inheritIO()
                .start();
        assertEquals(0, made.waitFor());
        Report report = new Report(new PrintStream(OutputStream.nullOutputStream()), true);
        Map<String, VpasswdLine> expected = Vpasswd.ofText(text.toString().getBytes(UTF_8), "vpasswd", report);
        Map<String, VpasswdLine> found = Vpasswd.ofCdb(cdb, "vpasswd.cdb", report);
        assertEquals(1000, found.size());
        assertEquals(List.copyOf(expected.values()), List.copyOf(found.values()));
    }
}
