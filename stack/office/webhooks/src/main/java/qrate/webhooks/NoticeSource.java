package qrate.webhooks;

import java.io.IOException;
import java.util.List;

/// Knows what there is to tell.
@FunctionalInterface
public interface NoticeSource {
    /// Everything that is so now.
    ///
    /// @throws IOException when that is not known
    List<Notice> notices() throws IOException;
}
