package qrate.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A Maildir whose reader is at work while it is walked.
class TreeTest {
    @TempDir
    private Path state;

    /// Takes names, and lets the reader do something before each.
    private final class Taking implements Tree.Visitor {
        private final List<String> taken = new ArrayList<>();
        private final Consumer<Path> reader;

        Taking(Consumer<Path> reader) {
            this.reader = reader;
        }

        @Override
        public boolean skips(Path name) {
            return false;
        }

        @Override
        public void folder(Path name, PosixFileAttributes attributes) {
            // only files count here
        }

        @Override
        public void file(SecureDirectoryStream<Path> in, Path name, PosixFileAttributes attributes) throws IOException {
            reader.accept(name);
            if (!Files.exists(state.resolve(name))) {
                throw new NoSuchFileException(name.toString());
            }
            taken.add(name.getFileName().toString());
        }

        @Override
        public void link(Path file, Path name, PosixFileAttributes attributes) {
            taken.add("link " + name);
        }
    }

    private Path message(String name) throws IOException {
        Path file = state.resolve("maildirs/ann").resolve(name);
        for (String folder : List.of("new", "cur", "tmp")) {
            Files.createDirectories(state.resolve("maildirs/ann").resolve(folder));
        }
        return Files.writeString(file, name);
    }

    private void move(String from, String to) {
        try {
            Files.move(
                    state.resolve("maildirs/ann").resolve(from),
                    state.resolve("maildirs/ann").resolve(to));
        } catch (IOException _) {
            // moved already: each test moves once
        }
    }

    private List<String> walked(Consumer<Path> reader) throws IOException {
        Taking taking = new Taking(reader);
        new Tree(state, taking).walk("maildirs");
        return taking.taken;
    }

    @Test
    void aMessageThatIsReadWhileNewIsWalkedIsTakenOnce() throws IOException {
        message("new/1.a");
        message("new/2.b");
        assertEquals(List.of("1.a", "2.b:2,S"), walked(name -> {
            if (name.endsWith("1.a")) {
                move("new/2.b", "cur/2.b:2,S");
            }
        }));
    }

    @Test
    void aMessageThatIsReadAfterItWasTakenIsNotTakenAgain() throws IOException {
        message("new/1.a");
        message("cur/2.b:2,");
        assertEquals(List.of("1.a", "2.b:2,"), walked(name -> {
            if (name.endsWith("2.b:2,")) {
                move("new/1.a", "cur/1.a:2,S");
            }
        }));
    }

    @Test
    void aMessageWhoseFlagsChangeJustThenIsTakenUnderItsNewName() throws IOException {
        message("cur/1.a:2,");
        message("cur/2.b:2,S");
        assertEquals(List.of("2.b:2,S", "1.a:2,RS"), walked(name -> move("cur/1.a:2,", "cur/1.a:2,RS")));
    }

    @Test
    void whatIsOnlyHalfWrittenIsLeftOut() throws IOException {
        message("tmp/3.c");
        message("cur/1.a:2,");
        assertEquals(List.of("1.a:2,"), walked(_ -> {}));
    }
}
