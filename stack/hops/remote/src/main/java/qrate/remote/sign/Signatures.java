package qrate.remote.sign;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.authres.AuthenticationResults;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Control;
import qrate.core.ControlFile;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.Lru;
import qrate.dkim.Content;
import qrate.dkim.Limits;
import qrate.dkim.Signing;
import qrate.dns.Dns;
import qrate.message.Header;
import qrate.signer.HeldKey;
import qrate.signer.KeyHolder;

/// Puts DKIM signatures in front of messages, and a set of ARC where they are sent on.
public final class Signatures {
    /// How long what the signer said of a domain's keys is believed.
    static final Duration KEYS_AGE_MAX = Duration.ofSeconds(30);

    /// Domains whose keys are remembered.
    static final int DOMAINS_MAX = 1_000;

    /// Messages whose fields are remembered, for the other hosts that each goes to.
    static final int MESSAGES_MAX = 200;

    /// Nobody's message: sent by hand.
    public static final long NO_ID = 0;

    /// Keys as the signer told them.
    private record Known(List<HeldKey> keys, Instant at) {}

    private final Control control;
    private final KeyHolder holder;
    private final Watch watch;
    private final Seals seals;
    private final InstantSource clock;
    private final Log log;
    private final Map<String, Known> domains = new Lru<>(DOMAINS_MAX);
    private final Map<Long, String> messages = new Lru<>(MESSAGES_MAX);

    /// @param holder the signer
    /// @param dns where records of keys are looked for
    public Signatures(Control control, KeyHolder holder, Dns dns, InstantSource clock, Log log) {
        this.control = control;
        this.holder = holder;
        this.watch = new Watch(holder, dns, clock, this::forget, log);
        this.seals = new Seals(control, holder, clock, log);
        this.clock = clock;
        this.log = log;
    }

    /// A message as it shall leave.
    ///
    /// @param id of the message in the queue, or {@link #NO_ID}
    /// @throws IOException when it cannot be signed now and shall not go unsigned, or cannot be read
    public Body signed(long id, Envelope envelope, Body message) throws IOException {
        String mode = control.value(ControlFile.DKIMSIGN);
        if (mode.equals("no")) {
            return message;
        }
        String fields = remembered(id);
        if (fields == null) {
            try {
                fields = fields(id, envelope, message);
            } catch (IOException e) {
                if (!mode.equals("try")) {
                    throw new IOException("unable to sign: " + e.getMessage(), e);
                }
                log.line("remote: warning: message " + id + " goes unsigned: " + e.getMessage());
                return message;
            }
            remember(id, fields);
        }
        return fields.isEmpty() ? message : message.prefixed(fields.getBytes(ISO_8859_1));
    }

    private String fields(long id, Envelope envelope, Body message) throws IOException {
        String signatures = signatures(id, envelope, message);
        Optional<AuthenticationResults> found = seals.found(envelope, message);
        if (found.isEmpty()) {
            return signatures;
        }
        // the first is RSA, which everybody can check
        Optional<HeldKey> key =
                signing(envelope.sentOnBy().orElseThrow()).stream().findFirst();
        Body signed = message.prefixed(signatures.getBytes(ISO_8859_1));
        return key.isEmpty()
                ? signatures
                : seals.fields(id, signed, found.get(), key.get().key()) + signatures;
    }

    private String signatures(long id, Envelope envelope, Body message) throws IOException {
        boolean bounce = envelope.sender().isEmpty() || envelope.sender().equals(Envelope.DOUBLE_BOUNCE_SENDER);
        // what nobody handed over was made here, and send makes bounces
        boolean ours = envelope.client().ours()
                || envelope.hasOwnFrom()
                || (bounce && envelope.client().equals(Client.UNKNOWN));
        Header header = Header.of(message, Author.WANTED);
        for (String domain : Author.domains(header, envelope.sender(), ours)) {
            List<HeldKey> signing = signing(domain);
            if (!signing.isEmpty()) {
                Content content = Content.of(message, Content.Form.SENT, Limits.USUAL, List.of(Signing::wanted));
                Signing.Terms terms =
                        Signing.Terms.usual(signing.stream().map(HeldKey::key).toList());
                return switch (Signing.sign(content, terms, holder, clock.instant())) {
                    case Signing.Signed.Done(String fields) -> fields;
                    case Signing.Signed.Refused(String reason) -> {
                        log.line("remote: info: message " + id + " goes unsigned: " + reason);
                        yield "";
                    }
                };
            }
        }
        return "";
    }

    /// Those keys that sign now, of a domain or of the nearest one above it: a host's mail is signed by its domain,
    /// also
    /// where the host has keys of its own that nobody has published.
    private List<HeldKey> signing(String domain) throws IOException {
        String name = domain;
        while (name.indexOf('.') > 0) {
            List<HeldKey> keys = asked(name);
            watch.used(name, keys);
            List<HeldKey> signing = keys.stream()
                    .filter(key -> key.state() == HeldKey.State.SIGNS)
                    .toList();
            if (!signing.isEmpty()) {
                return signing;
            }
            name = name.substring(name.indexOf('.') + 1);
        }
        return List.of();
    }

    private List<HeldKey> asked(String domain) throws IOException {
        Instant now = clock.instant();
        synchronized (domains) {
            Known known = domains.get(domain);
            if (known != null && known.at.plus(KEYS_AGE_MAX).isAfter(now)) {
                return known.keys;
            }
        }
        List<HeldKey> keys;
        try {
            keys = holder.keys(domain);
        } catch (IllegalArgumentException _) {
            return List.of(); // no name that DNS could have
        }
        synchronized (domains) {
            domains.put(domain, new Known(keys, now));
        }
        return keys;
    }

    /// A key that was seen signs the next message.
    private void forget(String domain) {
        synchronized (domains) {
            domains.remove(domain);
        }
    }

    private String remembered(long id) {
        synchronized (messages) {
            return messages.get(id);
        }
    }

    private void remember(long id, String fields) {
        if (id != NO_ID) {
            synchronized (messages) {
                messages.put(id, fields);
            }
        }
    }
}
