package qrate.migration;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.cdb.CdbWriter;
import qrate.core.ControlChecks;
import qrate.core.ControlFile;
import qrate.testkit.Fuzz;

class MigrationFuzzTest {
    private final Report report = new Report(new PrintStream(OutputStream.nullOutputStream()), true);

    private static final List<ControlFile> FILES =
            List.of(ControlFile.ME, ControlFile.DATABYTES, ControlFile.SMTPROUTES, ControlFile.VIRTUALDOMAINS);

    private static void tried(Fuzz.Outcome outcome) {
        assertTrue(outcome.runs() > 0);
    }

    /// Entry point: {@link Vpasswd#ofText}.
    @Test
    void vpasswd() {
        tried(Fuzz.run(
                "vpasswd",
                Fuzz.corpus(
                        OldTree.line("ann", "domains/a.test", "2050", "1000S,10C"),
                        OldTree.line("bob", "domains/a.test", "0", "NOQUOTA") + "\n\nx:y\n",
                        "a:b:c:d:e:f:g\n"),
                bytes -> Vpasswd.ofText(bytes, "x", report)));
    }

    /// Entry point: {@link Vpasswd#ofCdb}.
    @Test
    void vpasswdcdb(@TempDir Path folder) throws Exception {
        CdbWriter cdb = new CdbWriter();
        for (String user : List.of("ann", "bob", "cid")) {
            cdb.put(
                    user.getBytes(StandardCharsets.UTF_8),
                    "h:1:0:g:/h/domains/a.test/x:NOQUOTA:clear".getBytes(StandardCharsets.UTF_8));
        }
        Path file = folder.resolve("vpasswd.cdb");
        tried(Fuzz.run("vpasswdcdb", List.of(cdb.toBytes(), new CdbWriter().toBytes()), bytes -> {
            Files.write(file, bytes);
            Vpasswd.ofCdb(file, "x", report);
        }));
    }

    /// Entry points: {@link Assign#parse}, {@link Group#of}.
    @Test
    void assign() {
        tried(Fuzz.run(
                "assign",
                Fuzz.corpus("""
                        +a.test-:a.test:89:89:/home/vpopmail/domains/a.test:-::
                        +b.test-:a.test:89:89:/home/vpopmail/domains/a.test:-::
                        .
                        """, "=joe:joe:1:1:/home/joe:::\n+joe-:joe:1:1:/home/joe:-::\n.\n"),
                bytes -> Group.of(
                        Assign.parse(bytes, "x", report).stream()
                                .filter(Assign.Entry::isDomain)
                                .toList(),
                        report)));
    }

    /// Entry point: {@link OldDotQmail#parse}.
    @Test
    void instructions() {
        tried(Fuzz.run(
                "instructions",
                Fuzz.corpus(
                        "| /home/vpopmail/bin/vdelivermail '' bounce-no-mailbox\n",
                        "# comment\n./Maildir/\n./mbox\n|program arg\n&a@b.test\nc@d.test\n+list\n",
                        "|/usr/bin/ezmlm-send '/x'\n|/usr/bin/ezmlm-warn '/x'\n"),
                bytes -> {
                    OldDotQmail found = OldDotQmail.parse(bytes);
                    assertTrue(found.vdelivermail().isEmpty() || found.lines().size() == 1);
                    assertTrue(!found.takesPosts() || !found.lines().isEmpty());
                    assertTrue(!found.isList() || !found.lines().isEmpty());
                }));
    }

    /// Entry points: {@link OldQueue#envelope}, {@link OldQueue#owed}, {@link OldQueue#sender}.
    @Test
    void oldqueue() {
        List<byte[]> corpus = Fuzz.corpus(
                "u1000\0p17\0Fbob@old.test\0Tann@old.test\0Tq@far.test\0",
                "Told.test-ann@old.test\0Dx@old.test\0",
                "Fx@far.test\0");
        tried(Fuzz.run("oldqueue", corpus, bytes -> {
            switch (bytes.length % 3) {
                case 0 -> OldQueue.envelope(bytes);
                case 1 -> OldQueue.owed(bytes);
                default -> OldQueue.sender(bytes);
            }
        }));
    }

    /// Entry points: {@link OldList#folder}, {@link OldList#read}.
    @Test
    void list(@TempDir Path folder) throws IOException {
        OldTree old = new OldTree(folder);
        old.list("old.test", "team");
        Source vpopmail = Source.of(old.vpopmail());
        Path domain = vpopmail.find("domains/old.test").orElseThrow();
        Path team = domain.resolve("team");
        ListPart.Old places = new ListPart.Old(vpopmail, domain, path -> Group.below(vpopmail, path));
        List<String> files = List.of("subscribers/A", "num", "owner", "editor", "headeradd");
        tried(Fuzz.run(
                "list",
                Fuzz.corpus(
                        "Tann@old.test\0Tb@c.test\0", "102:33\n", "|ezmlm-send '/a/domains/old.test/team' x\n&a@b.c\n"),
                bytes -> {
                    Path file = team.resolve(files.get(bytes.length % files.size()));
                    byte[] before = Files.readAllBytes(file);
                    Files.write(file, bytes);
                    OldList.folder(places, team.resolve("editor"), OldDotQmail.parse(bytes))
                            .ifPresent(found -> assertTrue(found.startsWith(domain) && !found.equals(domain)));
                    OldList list = OldList.read(vpopmail, team, "team", report);
                    assertTrue(list.posts() >= 0 && list.sets().containsKey(""));
                    list.added(vpopmail);
                    Files.write(file, before);
                }));
    }

    /// Entry points: {@link Rewriting#undo}, {@link ControlChecks#problem}.
    @Test
    void control() {
        tried(Fuzz.run(
                "control",
                Fuzz.corpus(
                        "old.test:old.test\nb.test:alias-b\n.sub.test:x\njoe@c.test:joe\n:all\n",
                        "slow.test:relay.test:26 user password\n",
                        "1000\nmx.old.test\n"),
                bytes -> {
                    List<String> lines = new ArrayList<>();
                    for (Lines.Line line : Lines.of(bytes)) {
                        lines.add(line.text());
                        for (ControlFile file : FILES) {
                            assertTrue(ControlChecks.problem(file, line.text()).length() < 100);
                        }
                    }
                    Rewriting rewriting = new Rewriting(List.of("mx.old.test"), lines);
                    Lines.utf8(ByteBuffer.wrap(bytes)).ifPresent(rewriting::undo);
                    rewriting.undo("old.test-ann@old.test");
                }));
    }
}
