package qrate.remote;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import qrate.address.Routing;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.srs.SrsControl;
import qrate.srs.SrsResult;

/// Whom the next host hears as sender: of what an address here sends on it is one of ours (SRS), since the domain
/// of a stranger does not let this host send in its name (SPF).
///
/// Here and not where it is sent on: who gets it here, and who hears of a failure here, has the sender as it was.
final class ReversePaths {
    private final Control control;
    private final SrsControl srs;
    private final Log log;

    /// @param clock for the day in an address
    ReversePaths(Control control, InstantSource clock, Log log) {
        this.control = control;
        this.srs = new SrsControl(control, clock);
        this.log = log;
    }

    /// The envelope as it shall leave.
    ///
    /// @param id of the message, for the log
    /// @throws IOException when a control file cannot be read, or makes no sense
    Envelope leaving(long id, Envelope envelope) throws IOException {
        Optional<String> by = envelope.sentOnBy();
        String sender = envelope.sender();
        if (by.isEmpty() || sender.isEmpty() || sender.equals(Envelope.DOUBLE_BOUNCE_SENDER)) {
            return envelope;
        }
        Routing routing = Routing.read(control);
        return switch (srs.forward(sender, by.get(), routing::isHere)) {
            case SrsResult.Unchanged _ -> envelope;
            case SrsResult.Changed(String address) -> envelope.withSender(address);
            case SrsResult.Refused(String why) -> {
                log.line("remote: info: message " + id + " goes on with its sender as it is: " + why);
                yield envelope;
            }
        };
    }
}
