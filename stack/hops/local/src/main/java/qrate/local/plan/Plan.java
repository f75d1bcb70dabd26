package qrate.local.plan;

import qrate.address.Found;
import qrate.address.Nobody;
import qrate.address.User;
import qrate.core.Verdict;
import qrate.snapshots.Directory;

/// What will happen to mail for one address, found out without doing anything.
public sealed interface Plan {
    /// It is answered at once.
    record Answer(Verdict verdict) implements Plan {}

    /// The instructions of a file, or the default ones, are followed.
    record Follow(Place place, Found.File file) implements Plan {}

    /// It is another user's, as whom this process cannot deliver itself.
    ///
    /// @param why what it means when nobody else can
    record ByAnother(User user, String why) implements Plan {}

    /// The directory says where it goes.
    record ByDirectory(Directory.Route route, Nobody nobody) implements Plan {}
}
