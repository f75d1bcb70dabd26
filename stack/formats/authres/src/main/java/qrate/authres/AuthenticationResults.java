package qrate.authres;

import java.util.Collection;
import java.util.List;
import qrate.core.DomainName;
import qrate.message.Field;

/// What one host found out about a message (RFC 8601).
///
/// @param server who says so (authserv-id): usually a host's name
/// @param results in the order in which they were found; none is written as `none`
public record AuthenticationResults(String server, List<MethodResult> results) {
    /// The field's name.
    public static final String NAME = "Authentication-Results";

    public AuthenticationResults {
        results = List.copyOf(results);
    }

    /// How reading one went.
    public sealed interface Found {
        /// Well.
        record Good(AuthenticationResults results) implements Found {}

        /// It makes no sense, or is of a version that nobody here knows.
        record Bad(String why) implements Found {}
    }

    /// The field, to be put on top of a header.
    ///
    /// @throws IllegalArgumentException when a method, result or property is no word of letters, digits and `-`
    public Field field() {
        return Field.of(NAME, text(NAME.length() + 2));
    }

    /// What stands behind a colon, folded; bytes as characters.
    ///
    /// @param column where it begins, in columns from the line's start
    /// @throws IllegalArgumentException as {@link #field}
    public String text(int column) {
        return new ResultsWriter(column).write(this);
    }

    /// Each result as the field has it, folded where it is long; bytes as characters.
    ///
    /// @throws IllegalArgumentException as {@link #field}
    public List<String> texts() {
        return results.stream()
                .map(one -> new AuthenticationResults(server, List.of(one)).text(0))
                .map(text -> text.substring(text.indexOf("\n\t") + 2))
                .toList();
    }

    /// Reads a field's value; never throws.
    ///
    /// @param text unfolded or folded, as {@link Field#text}
    public static Found parse(String text) {
        return new ResultsReader(text).read();
    }

    /// Whether a field of a stranger's message has to go before ours is added (RFC 8601 §5): it is one of these
    /// fields and bears one of our names, or a version that we do not know, or nobody can tell.
    ///
    /// @param names of ours, in Unicode or ASCII
    public static boolean mustGo(Field field, Collection<String> names) {
        if (!field.name().equalsIgnoreCase(NAME)) {
            return false;
        }
        if (!field.whole()) {
            return true;
        }
        ResultsReader reader = new ResultsReader(field.text());
        return reader.server()
                .filter(_ -> reader.isSupported())
                .map(server -> names.stream().anyMatch(name -> isBy(server, name)))
                .orElse(true);
    }

    /// Whether two names of hosts are one.
    static boolean isBy(String server, String host) {
        return plain(server).equals(plain(host));
    }

    private static String plain(String name) {
        String ascii = DomainName.ascii(name.strip());
        return ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
    }
}
