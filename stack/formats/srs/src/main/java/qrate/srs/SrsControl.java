package qrate.srs;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import qrate.core.Control;
import qrate.core.ControlFile;
import qrate.core.DomainName;

/// SRS as the control files have it now. For many threads.
public final class SrsControl {
    private final Control control;
    private final InstantSource clock;

    /// @param clock for the day in an address
    public SrsControl(Control control, InstantSource clock) {
        this.control = control;
        this.clock = clock;
    }

    /// The reverse-path of what an address here sends on.
    ///
    /// @param reversePath without brackets and quotes; empty for nobody
    /// @param by domain of that address; `srs_domain` goes before
    /// @param ours whether a domain, in lower case and A-labels, is ours
    /// @throws IOException when a control file cannot be read, or holds a secret that is too short, or a domain
    ///     that is none of ours, by which nothing would come back
    public SrsResult forward(String reversePath, String by, Predicate<String> ours) throws IOException {
        if (!control.value(ControlFile.SRS).equals("yes")) {
            return new SrsResult.Unchanged("control/srs does not say yes");
        }
        Optional<Srs.Terms> terms = terms();
        if (terms.isEmpty()) {
            return new SrsResult.Unchanged("there is no control/srs_secrets");
        }
        Optional<String> domain = control.line(ControlFile.SRS_DOMAIN.file()).map(DomainName::ascii);
        if (domain.isPresent() && !ours.test(domain.get())) {
            throw new IOException(
                    "control/srs_domain: " + domain.get() + " is none of ours, so no bounce would come back");
        }
        return new Srs(domain.orElse(by), terms.get(), ours, clock).forward(reversePath);
    }

    /// Whom mail is for that comes back to an address here. What was rewritten while that was on comes back
    /// after it was switched off, too.
    ///
    /// @param recipient without brackets and quotes
    /// @throws IOException when a control file cannot be read, or holds a secret that is too short
    public SrsResult reverse(String recipient) throws IOException {
        int at = recipient.lastIndexOf('@');
        if (!Srs.isRewritten(at < 0 ? recipient : recipient.substring(0, at))) {
            return new SrsResult.Unchanged("it is no rewritten address");
        }
        Optional<Srs.Terms> terms = terms();
        return terms.isEmpty()
                ? new SrsResult.Unchanged("there is no control/srs_secrets")
                : new Srs("", terms.get(), _ -> false, clock).reverse(recipient);
    }

    private Optional<Srs.Terms> terms() throws IOException {
        List<String> secrets = control.lines(ControlFile.SRS_SECRETS.file());
        int days = (int) control.number(ControlFile.SRS_MAXAGE);
        try {
            return secrets.isEmpty() ? Optional.empty() : Optional.of(new Srs.Terms(secrets, days));
        } catch (IllegalArgumentException e) {
            throw new IOException("control/srs_secrets: " + e.getMessage(), e);
        }
    }
}
