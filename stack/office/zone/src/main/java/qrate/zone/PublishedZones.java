package qrate.zone;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import qrate.core.Control;
import qrate.core.Lru;
import qrate.core.Reasons;
import qrate.signer.HeldKey;
import qrate.signer.SignerClient;

/// What each of our domains should publish, and what the last look at it has found. A look is asked for, is made behind
/// whoever asks, and a few are made at once. For many threads.
public final class PublishedZones {
    /// Looks at once.
    static final int LOOKS_MAX = 2;

    /// Domains whose last look is remembered.
    static final int KEPT_MAX = 50;

    /// What was found.
    ///
    /// @param problem why there are no rows; empty where there are
    public record Look(Instant at, List<ZoneLook.Looked> rows, String problem) {
        public Look {
            rows = List.copyOf(rows);
        }

        /// Whether the domain has all it needs, as everybody asked says.
        public boolean ready() {
            return ZoneLook.ready(rows);
        }
    }

    /// What is known of a domain.
    ///
    /// @param missing what could not be found out, in half a sentence each
    /// @param looking whether a look is under way
    public record Shown(DomainRows rows, List<String> missing, boolean looking, Optional<Look> last) {
        public Shown {
            missing = List.copyOf(missing);
        }

        /// `{domain, records, missing, looking, look: {at, ready, problem, records}}`; `look` is empty before the
        /// first.
        public Map<String, Object> json() {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("domain", rows.domain());
            members.put("records", rows.json());
            members.put("missing", missing);
            members.put("looking", looking);
            Map<String, Object> of = new LinkedHashMap<>();
            last.ifPresent(look -> {
                of.put("at", look.at().toString());
                of.put("ready", look.ready());
                of.put("problem", look.problem());
                of.put(
                        "records",
                        look.rows().stream().map(ZoneLook.Looked::json).toList());
            });
            members.put("look", of);
            return members;
        }
    }

    /// Who knows the keys that mail is signed with.
    @FunctionalInterface
    public interface Keys {
        /// @throws IOException when that cannot be told now
        List<HeldKey> of(String domain) throws IOException;
    }

    /// How a look is made.
    @FunctionalInterface
    public interface Looking {
        /// @throws IOException when it cannot be begun
        List<ZoneLook.Looked> look(DomainRows domain, Ours ours, DomainRows.Parts parts) throws IOException;
    }

    private final Control control;
    private final Path tls;
    private final Keys keys;
    private final Looking looking;
    private final InstantSource clock;
    private final Map<String, Look> looks = new Lru<>(KEPT_MAX);
    private final Set<String> underWay = new HashSet<>();

    /// @param tls the folder
    public PublishedZones(Control control, Path tls, Keys keys, Looking looking, InstantSource clock) {
        this.control = control;
        this.tls = tls;
        this.keys = keys;
        this.looking = looking;
        this.clock = clock;
    }

    /// With the signer and the resolver that an environment names.
    public static PublishedZones of(Control control, Path tls, Map<String, String> environment, InstantSource clock) {
        Looking looking = (domain, ours, parts) ->
                ZoneLook.of(environment, control, clock).look(domain, ours, parts);
        return new PublishedZones(control, tls, keys(environment), looking, clock);
    }

    /// Those that the signer of an environment holds.
    static Keys keys(Map<String, String> environment) {
        return domain -> SignerClient.named(environment)
                .orElseThrow(() -> new IOException("the signer does not run"))
                .keys(domain);
    }

    /// The policy on TLS that others may fetch; nothing when there is none.
    ///
    /// @throws IOException when a control file cannot be read
    public Optional<OwnStsPolicy> policy() throws IOException {
        return OwnStsPolicy.of(control);
    }

    /// What rows are made of, beside them.
    private record Made(DomainRows rows, Ours ours, DomainRows.Parts parts, List<String> missing) {}

    private Made made(String domain) throws IOException {
        List<String> missing = new ArrayList<>();
        Ours ours = Ours.of(control, List.of(), List.of());
        if (ours.addresses().isEmpty()) {
            missing.add("no public address of this machine is known: write control/localips");
        }
        List<HeldKey> held = List.of();
        try {
            held = keys.of(domain);
        } catch (IOException e) {
            missing.add("the keys for DKIM are not known: " + Reasons.of(e));
        }
        DomainRows.Parts parts = DomainRows.Parts.of(control, ServerKeys.in(tls), held);
        return new Made(DomainRows.of(domain, ours, parts), ours, parts, missing);
    }

    /// What is known of a domain of ours.
    ///
    /// @throws IOException when a control file or the certificate cannot be read
    public Shown shown(String domain) throws IOException {
        Made made = made(domain);
        synchronized (this) {
            return new Shown(
                    made.rows(), made.missing(), underWay.contains(domain), Optional.ofNullable(looks.get(domain)));
        }
    }

    /// Begins a look at a domain of ours, if none is under way.
    ///
    /// @return false when too many others are
    /// @throws IOException when a control file or the certificate cannot be read
    public boolean begin(String domain) throws IOException {
        Made made = made(domain);
        synchronized (this) {
            if (underWay.contains(domain)) {
                return true;
            }
            if (underWay.size() >= LOOKS_MAX) {
                return false;
            }
            underWay.add(domain);
        }
        Thread.ofVirtual().name("zone-look").start(() -> look(domain, made));
        return true;
    }

    private void look(String domain, Made made) {
        Look found;
        try {
            found = new Look(clock.instant(), looking.look(made.rows(), made.ours(), made.parts()), "");
        } catch (IOException e) {
            found = new Look(clock.instant(), List.of(), Reasons.of(e));
        } catch (RuntimeException e) {
            found = new Look(clock.instant(), List.of(), "unexpected: " + e);
        }
        synchronized (this) {
            looks.put(domain, found);
            underWay.remove(domain);
        }
    }
}
