package qrate.signer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.ExchangeDoor;
import qrate.core.State;
import qrate.dkim.Algorithm;
import qrate.dkim.SigningKey;

/// Asks at the {@link SignerDoor}; sees no private key.
public final class SignerClient implements KeyHolder {
    /// Longest answer in bytes: eight keys and their records.
    static final int ANSWER_BYTES_MAX = 16 << 10;

    /// Longest wait for an answer: the first question for a domain makes its keys.
    static final Duration ANSWER_WAIT_MAX = Duration.ofSeconds(10);

    private static final int TEXTS_A_KEY = 4;

    private final Path socket;
    private final Duration patience;

    /// The signer that `QRATE_SIGNER` names by its socket, else that of the state if there is one.
    public static Optional<SignerClient> named(Map<String, String> environment) {
        String named = environment.getOrDefault("QRATE_SIGNER", "");
        Path socket = named.isEmpty() ? SignerDoor.socket(State.of(environment)) : Path.of(named);
        return named.isEmpty() && !Files.exists(socket) ? Optional.empty() : Optional.of(new SignerClient(socket));
    }

    public SignerClient(Path socket) {
        this(socket, ANSWER_WAIT_MAX);
    }

    /// @param patience longest wait for an answer
    SignerClient(Path socket, Duration patience) {
        this.socket = socket;
        this.patience = patience;
    }

    /// Whether the signer is there.
    public boolean answers() {
        return ExchangeDoor.answers(socket);
    }

    @Override
    public byte[] sign(SigningKey key, byte[] hash) throws IOException {
        List<String> said = ask("sign", key, Base64.getEncoder().encodeToString(hash));
        try {
            return Base64.getDecoder().decode(said.size() == 1 ? said.getFirst() : "?");
        } catch (IllegalArgumentException e) {
            throw new IOException("the signer answers nonsense", e);
        }
    }

    @Override
    public List<HeldKey> keys(String domain) throws IOException {
        return held(domain, ask("keys", any(domain), ""));
    }

    @Override
    public List<HeldKey> rotate(String domain) throws IOException {
        return held(domain, ask("rotate", any(domain), ""));
    }

    @Override
    public void seen(SigningKey key, boolean there) throws IOException {
        ask("seen", key, there ? "yes" : "no");
    }

    private static SigningKey any(String domain) {
        return new SigningKey(domain, "any", Algorithm.RSA_SHA256);
    }

    private List<String> ask(String wanted, SigningKey key, String about) throws IOException {
        String question = String.join(
                "\0", wanted, key.domain(), key.selector(), key.algorithm().name(), about, "");
        byte[] answer = ExchangeDoor.ask(socket, question.getBytes(US_ASCII), ANSWER_BYTES_MAX, patience);
        if (answer.length == 0) {
            throw new IOException("the signer does not answer");
        }
        List<String> texts =
                new ArrayList<>(Arrays.asList(new String(answer, 1, answer.length - 1, UTF_8).split("\0", -1)));
        texts.removeLast();
        return switch (answer[0]) {
            case '+' -> texts;
            case '?' -> throw new IOException("the signer: " + String.join(" ", texts));
            default -> throw new IOException("the signer answers nonsense");
        };
    }

    private static List<HeldKey> held(String domain, List<String> texts) throws IOException {
        List<HeldKey> keys = new ArrayList<>();
        try {
            for (int i = 0; i + TEXTS_A_KEY <= texts.size(); i += TEXTS_A_KEY) {
                keys.add(new HeldKey(
                        new SigningKey(domain, texts.get(i), Algorithm.valueOf(texts.get(i + 1))),
                        HeldKey.State.valueOf(texts.get(i + 2)),
                        texts.get(i + 3)));
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("the signer answers nonsense", e);
        }
        return List.copyOf(keys);
    }
}
