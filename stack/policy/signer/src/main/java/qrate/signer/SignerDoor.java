package qrate.signer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import qrate.address.Routing;
import qrate.core.Control;
import qrate.core.ControlFile;
import qrate.core.Exchange;
import qrate.core.ExchangeDoor;
import qrate.core.Log;
import qrate.core.State;
import qrate.dkim.Algorithm;
import qrate.dkim.SigningKey;

/// The signer's door: a Unix socket that its group may ask at.
///
/// A question is five texts, each ended by NUL: what is wanted, domain, selector, algorithm, and what it is about.
///
/// | wanted | about | answer behind `+` |
/// | --- | --- | --- |
/// | `sign` | a SHA-256 hash in Base64 | the signature in Base64 |
/// | `keys` | | for each key selector, algorithm, state, record |
/// | `rotate` | | the same |
/// | `seen` | `yes` or `no` | |
///
/// `?` and a text is the answer where it cannot be done now.
public final class SignerDoor {
    /// Name of the socket in its folder.
    static final String SOCKET = "signer.sock";

    /// Questions at once from one user of the system.
    static final int PER_USER_MAX = 64;

    /// Longest question in bytes: two names, and a hash.
    static final int QUESTION_BYTES_MAX = 1024;

    static final int QUESTION_TEXTS = 5;
    static final int HASH_BYTES = 32;

    private static final Duration QUESTION_WAIT_MAX = Duration.ofSeconds(2);

    private final KeyHolder holder;

    private SignerDoor(KeyHolder holder) {
        this.holder = holder;
    }

    /// Where it is.
    static Path socket(State state) {
        return state.signer().resolve(SOCKET);
    }

    /// The signer of a state, as a part of its process: keys for the domains whose mail is delivered here, with a life
    /// as control/dkimrotate says.
    public static ExchangeDoor open(State state, Log log) throws IOException {
        InstantSource clock = InstantSource.system();
        Control control = new Control(state.control(), clock);
        KeyFolder.Rules rules = new KeyFolder.Rules(
                new Delivered(control), () -> Duration.ofDays(control.number(ControlFile.DKIMROTATE)));
        Path keys = state.keys();
        Files.createDirectories(keys);
        Files.createDirectories(state.signer());
        KeyFolder holder = new KeyFolder(keys, rules, clock, new SecureRandom(), log);
        return start(holder, socket(state), log);
    }

    /// What control/locals and control/virtualdomains say.
    record Delivered(Control control) implements KeyFolder.Rules.Ours {
        @Override
        public boolean is(String domain) throws IOException {
            Routing ways = Routing.read(control);
            return ways.locals().contains(domain) || isVirtual(ways, domain);
        }

        /// In control/locals alone, below a domain that is here as well: `mail.example.org` beside `example.org`.
        @Override
        public boolean isHost(String name) throws IOException {
            Routing ways = Routing.read(control);
            if (isVirtual(ways, name)) {
                return false;
            }
            for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
                String above = name.substring(dot + 1);
                if (ways.locals().contains(above) || isVirtual(ways, above)) {
                    return true;
                }
            }
            return false;
        }

        private static boolean isVirtual(Routing ways, String domain) {
            return !ways.virtualdomains().getOrDefault(domain, "").isEmpty();
        }
    }

    /// Listens from now on.
    static ExchangeDoor start(KeyHolder holder, Path socket, Log log) throws IOException {
        return start(holder, socket, QUESTION_WAIT_MAX, log);
    }

    /// @param patience longest wait for a question to be whole
    static ExchangeDoor start(KeyHolder holder, Path socket, Duration patience, Log log) throws IOException {
        ExchangeDoor.Terms terms = new ExchangeDoor.Terms("signer", PER_USER_MAX, QUESTION_BYTES_MAX, patience);
        return ExchangeDoor.start(socket, terms, new SignerDoor(holder)::answer, log);
    }

    private String answer(byte[] question) throws IOException {
        List<String> said = Exchange.texts(question, QUESTION_TEXTS, US_ASCII);
        try {
            return "+" + wanted(said);
        } catch (IOException e) {
            return "?" + String.valueOf(e.getMessage()).replace('\0', ' ') + "\0";
        }
    }

    private String wanted(List<String> said) throws IOException {
        String selector = said.get(2).isEmpty() ? "any" : said.get(2);
        SigningKey key = key(said.get(1), selector, said.get(3));
        return switch (said.getFirst()) {
            case "sign" -> Base64.getEncoder().encodeToString(holder.sign(key, hash(said.getLast()))) + "\0";
            case "keys" -> shown(holder.keys(key.domain()));
            case "rotate" -> shown(holder.rotate(key.domain()));
            case "seen" -> {
                holder.seen(key, said.getLast().equals("yes"));
                yield "";
            }
            default -> throw new IOException("nobody can do that here");
        };
    }

    private static SigningKey key(String domain, String selector, String algorithm) throws IOException {
        try {
            return new SigningKey(domain, selector, Algorithm.valueOf(algorithm));
        } catch (IllegalArgumentException e) {
            throw new IOException("no such key", e);
        }
    }

    private static byte[] hash(String base64) throws IOException {
        try {
            byte[] hash = Base64.getDecoder().decode(base64.getBytes(UTF_8));
            if (hash.length == HASH_BYTES) {
                return hash;
            }
        } catch (IllegalArgumentException _) {
            // no hash
        }
        throw new IOException("no hash of " + HASH_BYTES + " bytes");
    }

    private static String shown(List<HeldKey> keys) {
        StringBuilder text = new StringBuilder();
        for (HeldKey key : keys) {
            for (String part : List.of(
                    key.key().selector(),
                    key.key().algorithm().name(),
                    key.state().name(),
                    key.record())) {
                text.append(part).append('\0');
            }
        }
        return text.toString();
    }
}
