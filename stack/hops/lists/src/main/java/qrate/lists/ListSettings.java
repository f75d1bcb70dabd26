package qrate.lists;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import qrate.core.DurableFile;

/// What is set for a list, as `ezmlm-make` and its owner's hand set it.
///
/// @param owner who gets the owner's mail; empty where its file says something else than one address
/// @param flags of ezmlm-make(1), small letters: a g h j k m p s u
/// @param prefix of subjects, empty for none
/// @param oneClick whether each subscriber gets a link of their own
/// @param rewriteFrom when the list is in From, and not the author
public record ListSettings(String owner, Set<Character> flags, String prefix, boolean oneClick, Rewrite rewriteFrom) {
    /// When the list is in From, and not the author.
    public enum Rewrite {
        /// where the author's domain asks that mail be refused which it has not signed
        AUTO,
        ALWAYS,
        NEVER;

        /// As the list's file, declared states and the REST API spell it.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// One by its word; empty for none.
        public static Optional<Rewrite> of(String word) {
            return Arrays.stream(values())
                    .filter(one -> one.word().equals(word))
                    .findFirst();
        }
    }

    private static final Map<Character, String> FILES = Map.of(
            'a', "archived",
            'h', "nosubconfirm",
            'j', "nounsubconfirm",
            'k', "deny",
            'm', "modpost",
            'p', "public",
            's', "modsub",
            'u', "subpostonly");

    /// A setting that is on or off.
    ///
    /// @param letter of ezmlm-make(1)
    /// @param on what the setting is while the letter is on
    public record Flag(char letter, boolean on) {}

    /// By the names that declared states have for them; the REST API has the same in its spelling.
    public static final Map<String, Flag> FLAGS = Collections.unmodifiableMap(new TreeMap<>(Map.of(
            "archive", new Flag('a', true),
            "archive_open", new Flag('g', false),
            "confirm_subscribe", new Flag('h', false),
            "confirm_unsubscribe", new Flag('j', false),
            "moderated", new Flag('m', true),
            "moderated_subscriptions", new Flag('s', true),
            "public", new Flag('p', true),
            "subscribers_only", new Flag('u', true))));

    /// The letter of a list whose {@link ListSet#DENY} counts.
    public static final char DENY = 'k';

    private static final String PREFIX = "prefix";
    private static final String ONE_CLICK = "oneclick";

    /// Most bytes of a file that is read.
    private static final int BYTES_MAX = 1 << 16;

    public ListSettings {
        flags = Set.copyOf(flags);
    }

    /// One whose From is rewritten where it has to be.
    public ListSettings(String owner, Set<Character> flags, String prefix, boolean oneClick) {
        this(owner, flags, prefix, oneClick, Rewrite.AUTO);
    }

    /// As `ezmlm-make` makes a list without options.
    public static ListSettings ofNew(String owner) {
        return new ListSettings(owner, Set.of('a', 'g', 'p'), "", false);
    }

    /// Every setting that has a name, by it: `owner`, `prefix`, `one_click`, `rewrite_from` and {@link #FLAGS}.
    public Map<String, Object> named() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("owner", owner);
        FLAGS.forEach((name, flag) -> all.put(name, flags.contains(flag.letter) == flag.on));
        all.put("one_click", oneClick);
        all.put(PREFIX, prefix);
        all.put("rewrite_from", rewriteFrom.word());
        return all;
    }

    /// The same with its {@link ListSet#DENY} counting.
    public ListSettings denying() {
        Set<Character> more = new TreeSet<>(flags);
        more.add(DENY);
        return new ListSettings(owner, more, prefix, oneClick, rewriteFrom);
    }

    /// What others are different in, in words: `moderated false -> true, prefix  -> [team]`; empty for nothing.
    public String difference(ListSettings after) {
        Map<String, Object> values = after.named();
        List<String> all = new ArrayList<>();
        named().forEach((name, was) -> {
            Object is = Objects.requireNonNull(values.get(name));
            if (!was.equals(is)) {
                all.add(name + " " + was + " -> " + is);
            }
        });
        return all.isEmpty() && !equals(after) ? "deny counts" : String.join(", ", all);
    }

    /// Reads a list's.
    ///
    /// @param folder the list's
    public static ListSettings read(Path folder) throws IOException {
        Set<Character> flags = new TreeSet<>();
        FILES.forEach((flag, file) -> {
            if (Files.exists(folder.resolve(file), LinkOption.NOFOLLOW_LINKS)) {
                flags.add(flag);
            }
        });
        boolean open = Files.exists(folder.resolve("publicget")) && !Files.exists(folder.resolve("subgetonly"));
        if (!open) {
            flags.add('g');
        }
        String owner = line(folder.resolve("owner"));
        return new ListSettings(
                owner.startsWith("&") ? owner.substring(1) : "",
                flags,
                line(folder.resolve(PREFIX)),
                Files.exists(folder.resolve(ONE_CLICK)),
                // a word that is none of them stops posts, and says so there
                Rewrite.of(line(folder.resolve(PostAuthor.FILE))).orElse(Rewrite.AUTO));
    }

    /// Writes what `ezmlm-make` does not.
    void write(Path folder) throws IOException {
        if (prefix.isEmpty()) {
            Files.deleteIfExists(folder.resolve(PREFIX));
        } else if (!prefix.equals(line(folder.resolve(PREFIX)))) {
            DurableFile.write(folder.resolve(PREFIX), (prefix + "\n").getBytes(UTF_8), Make.FILE_MODE);
        }
        if (!oneClick) {
            Files.deleteIfExists(folder.resolve(ONE_CLICK));
        } else if (!Files.exists(folder.resolve(ONE_CLICK))) {
            DurableFile.write(folder.resolve(ONE_CLICK), new byte[0], Make.FILE_MODE);
        }
        Path rewrite = folder.resolve(PostAuthor.FILE);
        if (rewriteFrom == Rewrite.AUTO) {
            Files.deleteIfExists(rewrite);
        } else if (!rewriteFrom.word().equals(line(rewrite))) {
            DurableFile.write(rewrite, (rewriteFrom.word() + "\n").getBytes(UTF_8), Make.FILE_MODE);
        }
    }

    private static String line(Path file) throws IOException {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new IOException(file + ": larger than " + BYTES_MAX + " bytes");
            }
            return Files.readString(file, UTF_8).lines().findFirst().orElse("").strip();
        } catch (NoSuchFileException _) {
            return "";
        }
    }
}
