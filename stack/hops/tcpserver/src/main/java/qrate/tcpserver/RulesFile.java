package qrate.tcpserver;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import qrate.cdb.Cdb;

/// A rules file (`tcpserver -x`), read again when another file has taken its name.
public final class RulesFile {
    /// How long a replaced file may go unnoticed, in milliseconds.
    static final long RECHECK_MILLIS = 1000;

    private record Loaded(Object inode, long modified, Rules rules) {}

    /// Where the addresses come from that must not relay.
    @FunctionalInterface
    public interface Own {
        /// Gateways and own addresses ({@link Gateways#ofThisMachine()}).
        Set<InetAddress> addresses() throws IOException;
    }

    private final Optional<Path> file;
    private final Own own;
    private final InstantSource clock;
    private final boolean needed;
    private long checked = Long.MIN_VALUE;
    private Loaded loaded = new Loaded("", 0, Rules.NONE);
    private Optional<IOException> broken = Optional.empty();

    private RulesFile(Optional<Path> file, Own own, InstantSource clock, boolean needed) {
        this.file = file;
        this.own = own;
        this.clock = clock;
        this.needed = needed;
    }

    /// @param file compiled rules; while it is not there, everyone may connect and no one may relay
    public static RulesFile of(Path file, Own own, InstantSource clock) {
        return new RulesFile(Optional.of(file), own, clock, false);
    }

    /// @param file compiled rules; while it is not there, no one may connect (`tcpserver -x` without `-X`)
    public static RulesFile needed(Path file, Own own, InstantSource clock) {
        return new RulesFile(Optional.of(file), own, clock, true);
    }

    /// No rules: everyone may connect, no one may relay.
    public static RulesFile none() {
        return new RulesFile(Optional.empty(), Set::of, InstantSource.system(), false);
    }

    /// The rules now.
    ///
    /// @throws IOException when they cannot be read, or would let a gateway relay
    synchronized Rules rules() throws IOException {
        long now = clock.millis();
        if (file.isPresent() && (checked == Long.MIN_VALUE || now - checked >= RECHECK_MILLIS || now < checked)) {
            checked = now;
            try {
                look(file.get());
                broken = Optional.empty();
            } catch (IOException e) {
                broken = Optional.of(e);
            }
        }
        if (broken.isPresent()) {
            throw broken.get();
        }
        return loaded.rules;
    }

    private void look(Path path) throws IOException {
        BasicFileAttributes seen;
        try {
            seen = Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            if (needed) {
                throw new IOException("unable to read " + path + ": no such file", e);
            }
            loaded = new Loaded("", 0, Rules.NONE);
            return;
        }
        Object inode = Objects.requireNonNullElse(seen.fileKey(), "");
        long modified = seen.lastModifiedTime().toMillis();
        if (broken.isEmpty() && inode.equals(loaded.inode) && modified == loaded.modified) {
            return;
        }
        Rules rules;
        try (Cdb cdb = Cdb.open(path)) {
            rules = Rules.of(cdb);
        }
        Optional<String> refusal = RelayGuard.refusal(rules, own.addresses());
        if (refusal.isPresent()) {
            throw new IOException("rules " + path.getFileName() + ": " + refusal.get());
        }
        loaded = new Loaded(inode, modified, rules);
    }
}
