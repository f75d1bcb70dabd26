package qrate.message;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Everybody whom a From or Sender field may be taken to name, by whatever program reads it.
///
/// Programs disagree about a field that breaks the grammar, and they show a name in an address's place. So each
/// address is found wherever it stands: in angle brackets or bare, in a name, quoted or in a comment, in what an
/// encoded word says, with blanks and comments around its dots, in another width of letters. Whoever wants to be sure
/// of an author asks that each of them is that author; how a field is written matters no more then.
///
/// @param named those that stand where an address stands
/// @param mentioned others, in names, comments and encoded words
/// @param clear false when the text could be cut in another way, or has what no field may have: nobody can tell then
public record Authors(List<String> named, List<String> mentioned, boolean clear) {
    /// How deep comments and quoted strings are looked into.
    private static final int DEPTH_MAX = 10;

    private static final int FULL_STOP_WIDE = 0x3002;
    private static final int LEFT_OVERRIDE = 0x202d;
    private static final int RIGHT_OVERRIDE = 0x202e;

    public Authors {
        named = List.copyOf(named);
        mentioned = List.copyOf(mentioned);
    }

    /// Reads a field's value, unfolded.
    public static Authors of(String field) {
        Search search = new Search();
        search.field(field);
        search.look(field, 0);
        Optional<String> decoded = EncodedWords.decoded(field);
        search.clear &= decoded.isPresent();
        String shown = decoded.orElse("");
        if (!shown.equals(field)) {
            search.look(shown, 1);
        }
        String plain = plain(shown);
        if (!plain.equals(shown)) {
            search.look(plain, 1);
        }
        search.mentioned.removeAll(search.named);
        return new Authors(List.copyOf(search.named), List.copyOf(search.mentioned), search.clear);
    }

    /// What a reader sees: one width for each letter, nothing invisible.
    private static String plain(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        Normalizer.normalize(text, Normalizer.Form.NFKC)
                .codePoints()
                .filter(c -> Character.getType(c) != Character.FORMAT)
                .map(c -> c == FULL_STOP_WIDE ? '.' : c)
                .forEach(visible::appendCodePoint);
        return visible.toString();
    }

    private static final class Search {
        private final Set<String> named = new LinkedHashSet<>();
        private final Set<String> mentioned = new LinkedHashSet<>();
        private boolean clear = true;

        /// Finds those in an address's place: in angle brackets, or in an item between commas that has none.
        void field(String text) {
            List<HeaderTokens.Token> tokens = HeaderTokens.of(text).list();
            List<Spot> bare = new ArrayList<>();
            boolean angle = false;
            boolean angles = false; // that hold an address: without one it stands beside them
            for (int i = 0; i < tokens.size(); i++) {
                HeaderTokens.Token token = tokens.get(i);
                angles |= angle && token.is('@');
                if (token.is('<')) {
                    angle = true;
                } else if (token.is('>')) {
                    angle = false;
                } else if (token.is('@')) {
                    Spot spot = new Spot(tokens, i);
                    if (angle) {
                        spot.address().ifPresent(named::add);
                    } else {
                        bare.add(spot);
                    }
                } else if (token.kind() == HeaderTokens.Kind.END
                        || (!angle && (token.is(',') || token.is(';') || token.is(':')))) {
                    if (!angles) { // or else they are words of a name, and looked at as such
                        bare.forEach(this::inAddressPlace);
                    }
                    bare.clear();
                    angles = false;
                }
            }
        }

        /// A sign that stands where an address should, and is none, may be a part of one to somebody.
        private void inAddressPlace(Spot spot) {
            Optional<String> address = spot.address();
            address.ifPresent(named::add);
            clear &= address.isPresent();
        }

        /// Finds those anywhere.
        void look(String text, int depth) {
            clear &= depth <= DEPTH_MAX && text.codePoints().noneMatch(Search::isOutOfPlace);
            if (!clear || text.chars().noneMatch(c -> c == '@')) {
                return;
            }
            List<HeaderTokens.Token> tokens = HeaderTokens.of(text).list();
            for (int i = 0; i < tokens.size(); i++) {
                HeaderTokens.Token token = tokens.get(i);
                switch (token.kind()) {
                    case QUOTED -> look(token.value(), depth + 1);
                    case COMMENT, LITERAL ->
                        look(token.value().substring(1, token.value().length() - 1), depth + 1);
                    case SPECIAL -> {
                        if (token.is('@')) {
                            Spot spot = new Spot(tokens, i);
                            clear &= !spot.touched();
                            spot.address()
                                    .filter(a -> !spot.blanks() || looksReal(a))
                                    .ifPresent(mentioned::add);
                        }
                    }
                    case WORD, END -> {
                        // no address by itself
                    }
                }
            }
        }

        private static boolean isOutOfPlace(int c) {
            return (Character.isISOControl(c) && c != '\t') || c == LEFT_OVERRIDE || c == RIGHT_OVERRIDE;
        }
    }

    /// `Sales @ Acme` is a name, `ann @ example.test` an address.
    private static boolean looksReal(String address) {
        int dot = address.lastIndexOf('.');
        return dot > address.lastIndexOf('@') && address.chars().skip(dot + 1L).anyMatch(Character::isLetter);
    }

    /// What stands around an `@`.
    private static final class Spot {
        private final List<HeaderTokens.Token> tokens;
        private final StringBuilder local = new StringBuilder();
        private final StringBuilder domain = new StringBuilder();
        private boolean blanks;
        private boolean touched;

        Spot(List<HeaderTokens.Token> tokens, int at) {
            this.tokens = tokens;
            left(at);
            right(at);
        }

        private void left(int at) {
            boolean joined = true; // by the sign or a dot
            int last = tokens.get(at).from();
            for (int i = at - 1; i >= 0; i--) {
                HeaderTokens.Token token = tokens.get(i);
                boolean apart = token.to() < last;
                if (token.kind() == HeaderTokens.Kind.COMMENT) {
                    blanks = true;
                } else if (token.is('.')) {
                    blanks |= apart;
                    local.insert(0, '.');
                    joined = true;
                } else if (token.word() && joined) {
                    blanks |= apart;
                    local.insert(0, token.value());
                    touched |= token.value().isEmpty(); // `""`, before which nobody knows what to read
                    joined = false;
                } else {
                    touched |= !apart && !joined && isText(token);
                    return;
                }
                last = token.from();
            }
        }

        private void right(int at) {
            boolean joined = true;
            int last = tokens.get(at).to();
            for (int i = at + 1; i < tokens.size(); i++) {
                HeaderTokens.Token token = tokens.get(i);
                boolean apart = token.from() > last;
                if (token.kind() == HeaderTokens.Kind.COMMENT) {
                    blanks = true;
                } else if (token.is('.')) {
                    blanks |= apart;
                    domain.append('.');
                    joined = true;
                } else if (joined && isText(token)) {
                    blanks |= apart;
                    touched |= token.kind() == HeaderTokens.Kind.QUOTED;
                    domain.append(token.value());
                    joined = false;
                } else {
                    touched |= (!apart && isText(token)) || token.is('@');
                    return;
                }
                last = token.to();
            }
        }

        private static boolean isText(HeaderTokens.Token token) {
            return token.word() || token.kind() == HeaderTokens.Kind.LITERAL;
        }

        boolean blanks() {
            return blanks;
        }

        /// Whether more text follows without a blank, which some would take for a part of it.
        boolean touched() {
            return touched;
        }

        Optional<String> address() {
            while (!domain.isEmpty() && domain.charAt(domain.length() - 1) == '.') {
                domain.setLength(domain.length() - 1); // the root's dot, or a sentence's
            }
            if (local.isEmpty() || domain.isEmpty()) {
                return Optional.empty();
            }
            String address = local + "@" + domain;
            boolean apostrophes = address.length() > 2 && address.startsWith("'") && address.endsWith("'");
            return Optional.of(apostrophes ? address.substring(1, address.length() - 1) : address);
        }
    }
}
