package qrate.core;

/// What people are told of a control file.
///
/// @param reader programs that read it
/// @param what it says, in half a sentence; a name or value in it stands between backquotes
/// @param example of a line; empty where nobody writes one
public record ControlAbout(Part part, String reader, String what, String example) {
    /// What a file is about.
    public enum Part {
        US("Who we are"),
        IN("What comes in"),
        OUT("Where it goes"),
        BOUNCES("Bounces"),
        CA("Certificate from a CA"),
        DNS("What domains publish"),
        READ("Reading mail, lists"),
        TOLD("Who is told what is wrong");

        private final String title;

        Part(String title) {
            this.title = title;
        }

        /// As it stands over the table of its files.
        public String title() {
            return title;
        }
    }

    static ControlAbout us(String reader, String what, String example) {
        return new ControlAbout(Part.US, reader, what, example);
    }

    static ControlAbout in(String reader, String what, String example) {
        return new ControlAbout(Part.IN, reader, what, example);
    }

    static ControlAbout gate(String what, String example) {
        return in("gate", what, example);
    }

    static ControlAbout out(String reader, String what, String example) {
        return new ControlAbout(Part.OUT, reader, what, example);
    }

    static ControlAbout bounces(String reader, String what, String example) {
        return new ControlAbout(Part.BOUNCES, reader, what, example);
    }

    static ControlAbout ca(String reader, String what, String example) {
        return new ControlAbout(Part.CA, reader, what, example);
    }

    static ControlAbout dns(String reader, String what, String example) {
        return new ControlAbout(Part.DNS, reader, what, example);
    }

    static ControlAbout told(String what, String example) {
        return new ControlAbout(Part.TOLD, "admin", what, example);
    }

    static ControlAbout reading(String reader, String what, String example) {
        return new ControlAbout(Part.READ, reader, what, example);
    }
}
