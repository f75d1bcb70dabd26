package qrate.remote.sign;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import qrate.arc.ArcSealer;
import qrate.arc.ArcVerifier;
import qrate.arc.Chain;
import qrate.authres.AuthenticationResults;
import qrate.authres.MethodResult;
import qrate.authres.OwnResults;
import qrate.core.Body;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.dkim.Content;
import qrate.dkim.Limits;
import qrate.dkim.SigningKey;
import qrate.message.Header;
import qrate.signer.KeyHolder;

/// Puts a set of ARC on what an address or a list here sends on: what our gate found when it came, which the next
/// host can find no more. Where the gate has said nothing, nothing was checked, and nothing is sealed.
final class Seals {
    private final Control control;
    private final KeyHolder signer;
    private final InstantSource clock;
    private final Log log;

    Seals(Control control, KeyHolder signer, InstantSource clock, Log log) {
        this.control = control;
        this.signer = signer;
        this.clock = clock;
        this.log = log;
    }

    /// What was found when a message came that is sent on now, by the gate here.
    Optional<AuthenticationResults> found(Envelope envelope, Body message) throws IOException {
        // the gate looks at strangers' mail alone
        if (envelope.sentOnBy().isEmpty() || envelope.client().ours()) {
            return Optional.empty();
        }
        return OwnResults.of(Header.of(message, OwnResults.WANTED), control.lineOrMe("me"));
    }

    /// The fields of our set, to stand on top; empty where there can be none.
    ///
    /// @param id of the message, for the log
    /// @param message with our signatures of DKIM, if there are any
    /// @param key of the domain that sends it on
    String fields(long id, Body message, AuthenticationResults found, SigningKey key) throws IOException {
        Content content = Content.of(message, Content.Form.SENT, Limits.USUAL, List.of(ArcSealer::wanted));
        Optional<Chain> chain = ArcVerifier.told(content, arc(found));
        if (chain.isEmpty()) {
            return unsealed(id, "nobody has checked the sets of ARC on it");
        }
        ArcSealer.Findings findings = new ArcSealer.Findings(found.server(), found.texts());
        return switch (ArcSealer.seal(content, chain.get(), findings, key, signer, clock.instant())) {
            case ArcSealer.Sealed.Done(String fields) -> fields;
            case ArcSealer.Sealed.Refused(String why) -> unsealed(id, why);
        };
    }

    private static String arc(AuthenticationResults found) {
        return found.results().stream()
                .filter(one -> one.method().equals("arc"))
                .map(MethodResult::result)
                .findFirst()
                .orElse("none");
    }

    private String unsealed(long id, String why) {
        log.line("remote: info: message " + id + " goes on unsealed: " + why);
        return "";
    }
}
