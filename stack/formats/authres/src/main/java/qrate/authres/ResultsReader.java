package qrate.authres;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads what stands behind the colon (RFC 8601 §2.2), from left to right, once.
final class ResultsReader {
    /// Longest value that is looked at, in characters.
    static final int TEXT_CHARS_MAX = 16 << 10;

    /// Most results, and most properties of one.
    static final int RESULTS_MAX = 100;

    private static final String VERSION = "1";

    private final String text;
    private int at;
    private final Optional<String> server;
    private final String version;

    /// The text goes beyond the grammar.
    private static final class Fault extends Exception {
        private static final long serialVersionUID = 1L;

        Fault(String why) {
            super(why, null, false, false);
        }
    }

    ResultsReader(String text) {
        this.text = text.length() > TEXT_CHARS_MAX ? "" : text;
        Optional<String> name;
        String number = "";
        try {
            skip();
            name = Optional.of(value()).filter(n -> !n.isBlank());
            skip();
            number = digits();
            skip();
            if (at < this.text.length() && this.text.charAt(at) != ';') {
                name = Optional.empty(); // some would read another name here
            }
        } catch (Fault _) {
            name = Optional.empty();
        }
        server = name;
        version = number.isEmpty() ? VERSION : number;
    }

    /// Whose it is, if that is clear.
    Optional<String> server() {
        return server;
    }

    /// Whether it is of the version that we know.
    boolean isSupported() {
        return version.equals(VERSION);
    }

    AuthenticationResults.Found read() {
        if (server.isEmpty()) {
            return new AuthenticationResults.Found.Bad("no name of a server, or it is too long");
        }
        if (!isSupported()) {
            return new AuthenticationResults.Found.Bad("version " + version);
        }
        try {
            return new AuthenticationResults.Found.Good(new AuthenticationResults(server.get(), results()));
        } catch (Fault e) {
            return new AuthenticationResults.Found.Bad(e.getMessage());
        }
    }

    private List<MethodResult> results() throws Fault {
        if (at == text.length()) {
            throw new Fault("no result");
        }
        List<MethodResult> all = new ArrayList<>();
        while (next(';')) {
            skip();
            if (at == text.length()) {
                return all; // a final semicolon, which Yahoo writes
            }
            String method = method();
            if (method.equals("none") && all.isEmpty() && at == text.length()) {
                return all;
            }
            all.add(result(method));
            if (all.size() > RESULTS_MAX) {
                throw new Fault("too many results");
            }
        }
        if (at < text.length()) {
            throw new Fault("text behind a result");
        }
        return all;
    }

    private MethodResult result(String method) throws Fault {
        expect('=');
        String result = keyword();
        skip();
        String reason = "";
        List<MethodResult.MethodProperty> properties = new ArrayList<>();
        while (at < text.length() && text.charAt(at) != ';') {
            String word = keyword();
            skip();
            if (word.equals("reason") && properties.isEmpty() && next('=')) {
                reason = value();
            } else {
                expect('.');
                String name = keyword();
                skip();
                expect('=');
                properties.add(new MethodResult.MethodProperty(word, name, value()));
            }
            if (properties.size() > RESULTS_MAX) {
                throw new Fault("too many properties");
            }
            skip();
        }
        return new MethodResult(method, result, reason, properties);
    }

    private String method() throws Fault {
        String name = keyword();
        skip();
        if (!next('/')) {
            return name;
        }
        String number = digits();
        skip();
        return number.equals(VERSION) ? name : name + "/" + number;
    }

    private String keyword() throws Fault {
        skip();
        int from = at;
        while (at < text.length() && isKeyword(text.charAt(at))) {
            at++;
        }
        if (from == at) {
            throw new Fault("a word is missing at " + at);
        }
        return text.substring(from, at).toLowerCase(Locale.ROOT);
    }

    private String digits() {
        int from = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return text.substring(from, at);
    }

    /// A token, a quoted string, an address, or several of these without a blank between.
    private String value() throws Fault {
        skip();
        StringBuilder value = new StringBuilder();
        int from = at;
        while (at < text.length() && !isBlank(text.charAt(at)) && ";(".indexOf(text.charAt(at)) < 0) {
            char c = text.charAt(at);
            if (c == '"') {
                quoted(value);
            } else {
                value.append(c);
                at++;
            }
        }
        if (from == at) {
            throw new Fault("a value is missing at " + at);
        }
        return value.toString();
    }

    private void quoted(StringBuilder value) throws Fault {
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return;
            }
            if (c == '\\' && at + 1 < text.length()) {
                c = text.charAt(++at);
            }
            value.append(c);
        }
        throw new Fault("a quote is not closed");
    }

    private boolean next(char c) throws Fault {
        skip();
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        if (there) {
            skip();
        }
        return there;
    }

    private void expect(char c) throws Fault {
        if (!next(c)) {
            throw new Fault("no " + c + " at " + at);
        }
    }

    /// Passes over blanks and comments, which may stand in each other.
    private void skip() throws Fault {
        int depth = 0;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '(') {
                depth++;
            } else if (c == ')' && depth > 0) {
                depth--;
            } else if (c == '\\' && depth > 0) {
                at++;
            } else if (depth == 0 && !isBlank(c)) {
                return;
            }
        }
        at = text.length();
        if (depth > 0) {
            throw new Fault("a comment is not closed");
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    /// RFC 5321 §4.1.2; lenient about a `-` or `_` at the end, which others write.
    static boolean isKeyword(int c) {
        return isWord(c) || c == '-' || c == '_';
    }

    /// RFC 2045 §5.1.
    static boolean isToken(int c) {
        return isWord(c) || "!#$%&'*+-.^_`{|}~".indexOf(c) >= 0;
    }

    private static boolean isWord(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
