package qrate.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.State;
import qrate.snapshots.Directory.Account;
import qrate.snapshots.Directory.Route;

/// The files of removed mailboxes, which are kept for a while, over machines that stop.
class KeptMailboxesTest {
    private static final String DOMAIN = "example.test";
    private static final String ANN = "ann";

    @TempDir
    Path root;

    private final Rows source = new Rows();
    private State state;
    private Path mail;

    /// A source in memory, of one mailbox, that can stop before it forgets.
    private static final class Rows implements DirectoryRows {
        private final List<Removal> removals = new ArrayList<>();
        private final List<Removal> returns = new ArrayList<>();
        private boolean there = true;
        private boolean stops;
        private long revision = 1;

        @Override
        public List<Domain> domains() {
            return List.of(new Domain(DOMAIN, "", revision));
        }

        @Override
        public Optional<Domain> domain(String name) {
            return domains().stream().filter(one -> one.name().equals(name)).findFirst();
        }

        @Override
        public Contents contents(String domain, Collection<String> locals) {
            String home = MaildirFolders.home(domain, ANN);
            String address = ANN + "@" + domain;
            return there
                    ? new Contents(
                            "",
                            Map.of(ANN, new Route.Mailbox(address, home, 0, 0, List.of(), true)),
                            Map.of(ANN, new Account(address, "h", home, true, true)))
                    : new Contents("", Map.of(), Map.of());
        }

        @Override
        public List<Removal> removals() {
            return List.copyOf(removals);
        }

        @Override
        public void forgetRemovals() throws IOException {
            stop();
            removals.clear();
        }

        @Override
        public List<Removal> returns() {
            return List.copyOf(returns);
        }

        @Override
        public void forgetReturns() throws IOException {
            stop();
            returns.clear();
        }

        private void stop() throws IOException {
            if (stops) {
                throw new IOException("the machine stops here");
            }
        }

        Touched remove() {
            there = false;
            removals.add(new Removal(DOMAIN, ANN, 7));
            return touched();
        }

        Touched bringBack() {
            there = true;
            returns.add(new Removal(DOMAIN, ANN, 7));
            return touched();
        }

        private Touched touched() {
            revision++;
            Touched touched = new Touched();
            touched.add(DOMAIN, ANN);
            return touched;
        }
    }

    @BeforeEach
    void aMailboxWithMail() throws IOException {
        state = new State(root);
        Files.createDirectories(state.control());
        open();
        mail = state.maildirs().resolve("domains/example.test/ann/Maildir/new/1");
        Files.writeString(mail, "kept");
    }

    private Publisher open() throws IOException {
        Publisher publisher = new Publisher(source, state, 1, 1);
        publisher.heal();
        return publisher;
    }

    private Path kept() {
        return state.maildirs().resolve("domains/example.test/.deleted/7/Maildir/new/1");
    }

    @Test
    void whatIsKeptIsReadByNobodyAndComesBackWithTheMailbox() throws IOException {
        Publisher publisher = open();
        publisher.publish(source.remove());
        assertFalse(Files.exists(state.maildirs().resolve("domains/example.test/ann")));
        assertEquals("kept", Files.readString(kept()));
        publisher.publish(source.bringBack());
        assertEquals("kept", Files.readString(mail));
        assertFalse(Files.exists(kept()));
        assertEquals(List.of(), source.returns);
    }

    @Test
    void aStopBeforeTheFilesAreMovedLosesNothing() throws IOException {
        source.remove();
        open(); // the change was durable, and nothing was done of it
        assertEquals("kept", Files.readString(kept()));
        source.bringBack();
        open();
        assertEquals("kept", Files.readString(mail), "no empty Maildir was made in its place before");
    }

    @Test
    void aStopBehindThatDoesItOnce() throws IOException {
        source.stops = true;
        Touched removed = source.remove();
        assertThrows(IOException.class, () -> new Publisher(source, state, 1, 1).publish(removed));
        source.stops = false;
        open();
        assertEquals("kept", Files.readString(kept()));
        source.stops = true;
        source.bringBack();
        assertThrows(IOException.class, this::open);
        source.stops = false;
        open();
        assertEquals("kept", Files.readString(mail));
        assertEquals(List.of(), source.returns);
    }

    @Test
    void aLinkToAMailboxElsewhereGoesAndWhatItLeadsToStays() throws IOException {
        Path home = state.maildirs().resolve("domains/example.test/ann");
        Path elsewhere = Files.move(home, root.resolve("elsewhere"));
        Files.createSymbolicLink(home, elsewhere);
        MaildirFolders folders = new MaildirFolders(state.maildirs());
        folders.keep(DOMAIN, ANN, 7);
        assertFalse(folders.isThere(DOMAIN, ANN), "another of this name must not have its mail");
        folders.bringBack(DOMAIN, ANN, 7);
        assertEquals("kept", Files.readString(mail));
    }

    @Test
    void nothingTakesThePlaceOfWhatStandsThere() throws IOException {
        MaildirFolders folders = new MaildirFolders(state.maildirs());
        folders.keep(DOMAIN, ANN, 7);
        folders.keep(DOMAIN, ANN, 7); // gone already
        folders.make(DOMAIN, List.of(ANN));
        assertThrows(FileAlreadyExistsException.class, () -> folders.bringBack(DOMAIN, ANN, 7));
        assertThrows(FileAlreadyExistsException.class, () -> folders.keep(DOMAIN, ANN, 7));
        assertEquals("kept", Files.readString(kept()));
        folders.forget(DOMAIN, 7);
        folders.forget(DOMAIN, 7);
        assertFalse(Files.exists(kept()));
        folders.bringBack(DOMAIN, ANN, 7);
        assertTrue(folders.isThere(DOMAIN, ANN));
        assertFalse(folders.isThere(DOMAIN, "bob"));
    }
}
