package qrate.signer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import qrate.core.DurableFile;
import qrate.core.Log;
import qrate.core.Lru;
import qrate.dkim.Algorithm;
import qrate.dkim.DkimKeys;
import qrate.dkim.SigningKey;

/// The keys on the disk.
public final class KeyFolder implements KeyHolder {
    /// How long a key is kept whose successor signs, so that what is on its way can be checked.
    static final Duration REST = Duration.ofDays(7);

    /// Keys of a domain at most: with as many, no pair is made.
    static final int KEYS_MAX = 8;

    /// Domains whose keys are held in memory, some 2.1 KiB each; one more is read again when it sends.
    static final int DOMAINS_HELD_MAX = 10_000;

    /// Keys that are held ready to sign as well, which takes twice as much; others are made ready for each signature.
    static final int READY_MAX = 200;

    private static final String KEY = ".pem";
    private static final String SEEN = ".seen";
    private static final int FILE_BYTES_MAX = 16 << 10;
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

    /// A key as it is held.
    ///
    /// @param secret PKCS #8
    /// @param seen since when its record stands in DNS
    private record Key(SigningKey names, byte[] secret, String record, Instant made, Optional<Instant> seen) {}

    /// What decides from outside.
    ///
    /// @param ours whether mail for a domain is delivered here
    /// @param life after which a domain gets its next pair; zero for never
    public record Rules(Ours ours, Life life) {
        /// Whether mail for a domain is delivered here.
        @FunctionalInterface
        public interface Ours {
            /// @throws IOException when that cannot be told now
            boolean is(String domain) throws IOException;

            /// Whether a name is a host's of a domain here, whose keys sign its mail: it gets keys of its own only by
            /// {@link KeyHolder#rotate}. Those that it has go on.
            ///
            /// @throws IOException when that cannot be told now
            default boolean isHost(String name) throws IOException {
                return false;
            }
        }

        /// How long a pair signs.
        @FunctionalInterface
        public interface Life {
            /// @throws IOException when that cannot be told now
            Duration length() throws IOException;
        }
    }

    private final Path folder;
    private final Rules rules;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Log log;
    private final Map<String, List<Key>> held = new Lru<>(DOMAINS_HELD_MAX);
    private final Map<SigningKey, PrivateKey> ready = new Lru<>(READY_MAX);

    public KeyFolder(Path folder, Rules rules, InstantSource clock, SecureRandom random, Log log) {
        this.folder = folder;
        this.rules = rules;
        this.clock = clock;
        this.random = random;
        this.log = log;
    }

    @Override
    public byte[] sign(SigningKey names, byte[] hash) throws IOException {
        try {
            return names.algorithm().sign(ready(names), hash);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private synchronized PrivateKey ready(SigningKey names) throws IOException, GeneralSecurityException {
        Key key = held(names.domain()).stream()
                .filter(one -> one.names.equals(names))
                .findFirst()
                .orElseThrow(() -> new IOException("no key " + names.selector() + " of " + names.domain()));
        PrivateKey secret = ready.get(names);
        if (secret == null) {
            secret = DkimKeys.decoded(names.algorithm(), key.secret);
            ready.put(names, secret);
        }
        return secret;
    }

    @Override
    public synchronized List<HeldKey> keys(String domain) throws IOException {
        if (!rules.ours.is(domain)) {
            return List.of();
        }
        List<Key> keys = held(domain);
        if (keys.isEmpty() && rules.ours.isHost(domain)) {
            return List.of();
        }
        Duration life = rules.life.length();
        Instant now = clock.instant();
        boolean due = !life.isZero()
                && keys.stream().allMatch(key -> key.made.plus(life).isBefore(now));
        if (keys.isEmpty() || due) {
            makePair(domain, keys);
            keys = held(domain);
        }
        retire(domain, keys);
        return shown(held(domain));
    }

    @Override
    public synchronized List<HeldKey> rotate(String domain) throws IOException {
        if (!rules.ours.is(domain)) {
            return List.of();
        }
        List<Key> keys = held(domain);
        if (keys.stream().allMatch(key -> key.seen.isPresent())) {
            makePair(domain, keys);
        }
        return shown(held(domain));
    }

    @Override
    public synchronized void seen(SigningKey names, boolean there) throws IOException {
        for (Key key : held(names.domain())) {
            if (key.names.equals(names) && key.seen.isPresent() != there) {
                Path mark = file(names, SEEN);
                if (there) {
                    DurableFile.write(mark, new byte[0]);
                    Files.setLastModifiedTime(mark, FileTime.from(clock.instant()));
                } else {
                    Files.deleteIfExists(mark);
                }
                held.remove(names.domain());
                log.line("signer: info: " + names.selector() + "._domainkey." + names.domain()
                        + (there ? " stands in DNS: what is sent is signed with it" : " is gone from DNS"));
            }
        }
    }

    private Path file(SigningKey names, String ending) {
        return folder.resolve(names.domain()).resolve(names.selector() + ending);
    }

    /// A pair under names that no key has had this day.
    private void makePair(String domain, List<Key> keys) throws IOException {
        if (keys.size() + Algorithm.values().length > KEYS_MAX) {
            throw new IOException(domain + " has " + keys.size() + " keys already");
        }
        Path home = Files.createDirectories(
                folder.resolve(new SigningKey(domain, "any", Algorithm.RSA_SHA256).domain()),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        String day = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).format(DAY);
        for (Algorithm algorithm : Algorithm.values()) {
            String first = algorithm.kind().charAt(0) + day;
            String selector = first;
            for (int i = 2; Files.exists(home.resolve(selector + KEY)); i++) {
                selector = first + "-" + i;
            }
            try {
                PrivateKey secret = DkimKeys.generate(algorithm, random);
                DurableFile.write(
                        home.resolve(selector + KEY), DkimKeys.pem(secret).getBytes(US_ASCII), "rw-------");
                Files.setLastModifiedTime(home.resolve(selector + KEY), FileTime.from(clock.instant()));
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        }
        DurableFile.syncFolder(folder);
        held.remove(domain);
        log.line("signer: info: made a pair of keys for " + domain + "; qrate dns shows what to publish");
    }

    /// Removes those whose successors have signed long enough.
    private void retire(String domain, List<Key> keys) throws IOException {
        Instant before = clock.instant().minus(REST);
        for (Key key : keys) {
            boolean over = keys.stream()
                    .anyMatch(other -> other.names.algorithm() == key.names.algorithm()
                            && other.made.isAfter(key.made)
                            && other.seen
                                    .filter(since -> since.isBefore(before))
                                    .isPresent());
            if (over) {
                Files.deleteIfExists(file(key.names, KEY));
                Files.deleteIfExists(file(key.names, SEEN));
                held.remove(domain);
                log.line("signer: info: removed the key " + key.names.selector() + "._domainkey." + domain
                        + ", which signs no longer; its record may go from DNS");
            }
        }
    }

    /// Those that sign first: the newest of each kind whose record was seen.
    private static List<HeldKey> shown(List<Key> keys) {
        List<HeldKey> all = new ArrayList<>();
        for (Algorithm algorithm : Algorithm.values()) {
            boolean signs = false;
            for (Key key : keys) {
                if (key.names.algorithm() == algorithm) {
                    boolean next = key.seen.isPresent() && !signs;
                    signs |= next;
                    HeldKey.State state =
                            next ? HeldKey.State.SIGNS : signs ? HeldKey.State.RESTS : HeldKey.State.WAITS;
                    all.add(new HeldKey(key.names, state, key.record));
                }
            }
        }
        all.sort(Comparator.comparingInt(key -> key.state() == HeldKey.State.SIGNS ? 0 : 1));
        return List.copyOf(all);
    }

    /// A domain's keys, the newest first.
    private List<Key> held(String domain) throws IOException {
        List<Key> keys = held.get(domain);
        if (keys == null) {
            keys = read(new SigningKey(domain, "any", Algorithm.RSA_SHA256).domain());
            held.put(domain, keys);
            keys.forEach(key -> ready.remove(key.names)); // of files that may be others by now
        }
        return keys;
    }

    private List<Key> read(String domain) throws IOException {
        List<Key> keys = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve(domain))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                String selector = name.endsWith(KEY) ? name.substring(0, name.length() - KEY.length()) : "";
                if (DkimKeys.isSelector(selector)) {
                    keys.add(read(domain, selector, file));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException _) {
            return List.of();
        }
        keys.sort(Comparator.comparing(Key::made)
                .thenComparing(key -> key.names.selector())
                .reversed());
        return List.copyOf(keys);
    }

    private static Key read(String domain, String selector, Path file) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new IOException(file + ": too long for a key");
        }
        try {
            PrivateKey secret = DkimKeys.read(Files.readString(file, US_ASCII));
            SigningKey names = new SigningKey(domain, selector, DkimKeys.algorithm(secret));
            Path seen = file.resolveSibling(selector + SEEN);
            Optional<Instant> since = Files.exists(seen)
                    ? Optional.of(Files.getLastModifiedTime(seen).toInstant())
                    : Optional.empty();
            Instant made = Files.getLastModifiedTime(file).toInstant();
            return new Key(names, secret.getEncoded(), DkimKeys.record(secret), made, since);
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }
}
