package qrate.dotqmail;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LineTest {
    private static Optional<String> nobody(String... texts) {
        List<Line> lines = new ArrayList<>();
        for (String text : texts) {
            Line.of(text).ifPresent(lines::add);
        }
        return Line.vdelivermail(lines);
    }

    @Test
    void tellsTheKindsByTheFirstAndTheLastByte() {
        assertEquals(Optional.of(new Line.Program(" program with words")), Line.of("| program with words"));
        assertEquals(Optional.of(new Line.Mbox("./mbox")), Line.of("./mbox"));
        assertEquals(Optional.of(new Line.Mbox(".")), Line.of("."));
        assertEquals(Optional.of(new Line.Maildir("./Maildir/")), Line.of("./Maildir/"));
        assertEquals(Optional.of(new Line.Maildir("/")), Line.of("/"));
        assertEquals(Optional.of(new Line.Forward("ann@example.org")), Line.of("& ann@example.org"));
        assertEquals(Optional.of(new Line.Forward("ann@example.org")), Line.of("ann@example.org"));
        assertEquals(Optional.of(new Line.Forward("")), Line.of("&"));
        assertEquals(Optional.of(new Line.Forward(" x")), Line.of(" x"));
        for (String nothing : List.of("", "#", "# x", "+list", "+")) {
            assertEquals(Optional.empty(), Line.of(nothing), nothing);
        }
    }

    @Test
    void understandsVdelivermailWhereverItStands() {
        assertEquals(Optional.of("bounce-no-mailbox"), nobody("|vdelivermail '' bounce-no-mailbox"));
        assertEquals(Optional.of("delete"), nobody("# x", "| /home/vpopmail/bin/vdelivermail '' delete "));
        assertEquals(Optional.of("/h/ann"), nobody("|\t/opt/my-vdelivermail  \"\"\t/h/ann"));
    }

    @Test
    void takesNothingElseForVdelivermail() {
        assertEquals(Optional.empty(), nobody());
        assertEquals(Optional.empty(), nobody("|vdelivermail '' delete", "./Maildir/"));
        assertEquals(Optional.empty(), nobody("|vdelivermail '' delete; true"));
        assertEquals(Optional.empty(), nobody("|vdelivermail delete"));
        assertEquals(Optional.empty(), nobody("|a vdelivermail '' delete"));
        assertEquals(Optional.empty(), nobody("|vdelivermail2 '' delete"));
        assertEquals(Optional.empty(), nobody("./vdelivermail '' delete"));
    }
}
