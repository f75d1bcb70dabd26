package qrate.tcpserver;

import java.util.List;
import qrate.core.Figure;

/// What has come to a door.
///
/// @param open connections now
/// @param came since the start, those refused included
/// @param refused by a rule, or for want of a place or of memory
record Traffic(int open, long came, long refused) {
    List<Figure.Sample> samples(String door) {
        return List.of(
                Figure.CONNECTIONS_OPEN.of(open, door),
                Figure.CONNECTIONS.of(came, door),
                Figure.CONNECTIONS_REFUSED.of(refused, door));
    }
}
