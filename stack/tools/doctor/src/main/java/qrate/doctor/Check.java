package qrate.doctor;

import java.io.IOException;
import java.util.List;

/// One part of a look.
@FunctionalInterface
interface Check {
    /// What it found; ends within half a minute.
    ///
    /// @throws IOException when it could not look, which is a finding too
    List<Finding> look() throws IOException;
}
