package qrate.local;

import qrate.core.Verdict;
import qrate.directory.Directory;

/// What will happen to mail for one address, found out without doing anything.
sealed interface Plan {
    /// It is answered at once.
    record Answer(Verdict verdict) implements Plan {}

    /// The instructions of a file, or the default ones, are followed.
    record Follow(Place place, DotQmail.Found.File file) implements Plan {}

    /// The directory says where it goes.
    record ByDirectory(Directory.Route route, VirtualDelivery.Nobody nobody) implements Plan {}
}
