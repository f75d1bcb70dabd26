package qrate.lists;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import qrate.core.Address;
import qrate.core.Body;
import qrate.core.Slice;

/// A set of addresses in ezmlm's form: 53 files, `@` to `t`, of `T`, address, NUL.
///
/// @param base folder above `subscribers/`: empty for the subscribers, `mod/` for moderators, `allow/`, `deny/`
record Subscribers(ListFolder folder, String base) {
    /// Longest address in bytes.
    static final int ADDRESS_BYTES_MAX = 400;

    private static final int FILES = 53;
    private static final int HASH_START = 5381;
    private static final String SPECIAL = "\"(),:;<>[\\]";

    /// An address that can be in a set, in the spelling in which it is compared; empty when it can be none.
    // DEVIATION: ezmlm keeps the case of the local part; two spellings of one mailbox get two copies there
    static Optional<String> address(String text) {
        Address split = Address.of(text);
        boolean plain = !split.local().isEmpty()
                && !split.domain().isEmpty()
                && text.getBytes(UTF_8).length <= ADDRESS_BYTES_MAX
                && text.chars().noneMatch(c -> c <= 0x20 || c == 0x7f || SPECIAL.indexOf(c) >= 0)
                && text.chars().noneMatch(Character::isISOControl)
                && split.domain().chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '.')
                && split.local().indexOf('@') < 0;
        return plain ? Optional.of(split.toString().toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    boolean contains(String address) throws IOException {
        return read(file(address)).contains(address.toLowerCase(Locale.ROOT));
    }

    /// @return whether it was not there
    boolean add(String address) throws IOException {
        return addAll(List.of(address)) == 1;
    }

    /// Adds many, each file written once.
    ///
    /// @param addresses as {@link #address} spells them
    /// @return how many were not there
    int addAll(Collection<String> addresses) throws IOException {
        int added = 0;
        for (Map.Entry<String, List<String>> file : byFile(addresses).entrySet()) {
            Set<String> all = new LinkedHashSet<>(read(file.getKey()));
            int before = all.size();
            if (all.addAll(file.getValue())) {
                write(file.getKey(), List.copyOf(all));
                added += all.size() - before;
            }
        }
        return added;
    }

    /// @return whether it was there
    boolean remove(String address) throws IOException {
        String file = file(address);
        List<String> all = new ArrayList<>(read(file));
        boolean gone = all.removeIf(a -> a.equalsIgnoreCase(address));
        if (gone) {
            write(file, all);
        }
        return gone;
    }

    /// Those of some addresses that are in the set; only files are read that can hold one.
    ///
    /// @param addresses as {@link #address} spells them
    Set<String> among(Collection<String> addresses) throws IOException {
        Set<String> found = new TreeSet<>();
        for (Map.Entry<String, List<String>> file : byFile(addresses).entrySet()) {
            Set<String> there = new HashSet<>(read(file.getKey()));
            file.getValue().stream().filter(there::contains).forEach(found::add);
        }
        return found;
    }

    private Map<String, List<String>> byFile(Collection<String> addresses) {
        Map<String, List<String>> files = new TreeMap<>();
        addresses.forEach(address ->
                files.computeIfAbsent(file(address), _ -> new ArrayList<>()).add(address));
        return files;
    }

    /// A part of the set, by address; one file is held at a time.
    Slice.Part<String> part(Slice slice) throws IOException {
        try {
            return slice.of(IntStream.range(0, FILES)
                    .mapToObj(i -> base + "subscribers/" + (char) ('@' + i))
                    .flatMap(file -> readUnchecked(file).stream())
                    .iterator());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private List<String> readUnchecked(String file) {
        try {
            return read(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Every address, file by file.
    List<String> all() throws IOException {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            all.addAll(read(base + "subscribers/" + (char) ('@' + i)));
        }
        return all;
    }

    /// The file an address belongs to: of `T` and the address, as ezmlm's own programs find it.
    private String file(String address) {
        int hash = HASH_START;
        for (byte b : ("T" + address.toLowerCase(Locale.ROOT)).getBytes(UTF_8)) {
            hash = (hash + (hash << 5)) ^ b;
        }
        return base + "subscribers/" + (char) ('@' + Integer.remainderUnsigned(hash, FILES));
    }

    private List<String> read(String file) throws IOException {
        List<String> all = new ArrayList<>();
        for (String part : folder.text(file).orElse("").split("\0", -1)) {
            if (part.startsWith("T") && part.length() > 1) {
                all.add(part.substring(1));
            }
        }
        return all;
    }

    private void write(String file, List<String> all) throws IOException {
        StringBuilder content = new StringBuilder();
        all.forEach(address -> content.append('T').append(address).append('\0'));
        folder.write(file, Body.of(content.toString().getBytes(UTF_8)));
    }
}
