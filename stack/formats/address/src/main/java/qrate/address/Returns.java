package qrate.address;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import qrate.core.Address;
import qrate.core.Control;
import qrate.core.Steps;
import qrate.srs.SrsControl;
import qrate.srs.SrsResult;

/// Leads back what comes to a reverse-path that we made for mail sent on (SRS), whatever else the domain has.
public final class Returns {
    /// In every such address, so that no other costs a look at the control files.
    private static final String SIGN = "srs";

    private final Control control;
    private final SrsControl srs;

    /// @param clock says how old a reverse-path is
    public Returns(Control control, InstantSource clock) {
        this.control = control;
        this.srs = new SrsControl(control, clock);
    }

    /// Whose such an address is; nothing for any other address.
    ///
    /// @param to with a virtual domain's prefix in front
    /// @throws IOException when it cannot be told now
    Optional<Claim> claim(Address to, Steps steps) throws IOException {
        if (!to.local().toLowerCase(Locale.ROOT).contains(SIGN)) {
            return Optional.empty();
        }
        Address bare = Routing.read(control).withoutPrefix(to);
        return switch (srs.reverse(bare.toString())) {
            case SrsResult.Unchanged _ -> Optional.empty();
            case SrsResult.Changed(String address) -> {
                steps.say("srs: " + bare + " leads back to " + address);
                yield Optional.of(new Claim.LeadsBack(address));
            }
            case SrsResult.Refused(String why) -> {
                steps.say("srs: " + bare + " leads nowhere: " + why);
                yield Optional.of(new Claim.LeadsNowhere("sorry, no mail comes back by that address: " + why));
            }
        };
    }
}
