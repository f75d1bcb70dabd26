package qrate.qcontrol;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import qrate.core.DomainName;

/// Which recipients are meant: everybody, those of some domains, or some addresses.
///
/// @param words `@` for everybody, `@domain`, or `local@domain`; in lower case, domains in ASCII
public record Whose(List<String> words) {
    /// Everybody.
    public static final Whose ALL = new Whose(List.of("@"));

    public Whose {
        words = List.copyOf(words);
    }

    /// Everybody in some domains.
    public static Whose domains(Stream<String> names) {
        return new Whose(names.map(name -> "@" + DomainName.ascii(name)).toList());
    }

    /// One local part in some domains, which are one.
    public static Whose mailbox(String local, Stream<String> domains) {
        return new Whose(domains.map(domain -> plain(local + "@" + domain)).toList());
    }

    static String plain(String address) {
        int at = address.lastIndexOf('@');
        return address.substring(0, at).toLowerCase(Locale.ROOT) + "@" + DomainName.ascii(address.substring(at + 1));
    }

    /// Whether an address is meant.
    public boolean means(String address) {
        if (address.lastIndexOf('@') < 0) {
            return words.contains("@");
        }
        String plain = plain(address);
        return words.contains("@") || words.contains(plain) || words.contains(plain.substring(plain.lastIndexOf('@')));
    }

    /// As one word on the control socket.
    ///
    /// @throws IOException when they are too many for one
    String word() throws IOException {
        String word = String.join("\n", words);
        if (word.getBytes(StandardCharsets.UTF_8).length >= WordList.WORD_BYTES_MAX) {
            throw new IOException("too many names of domains");
        }
        return word;
    }

    static Whose of(String word) {
        return new Whose(word.lines().filter(one -> one.contains("@")).toList());
    }
}
