package qrate.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/// What other modules may use says what it is. That every reference in such a text leads somewhere is checked by the
/// compiler (`-Xdoclint` in the parent pom).
class DocumentedTest {
    /// The floors that everything else stands on.
    private static final List<String> FLOORS = List.of("ground", "formats");

    @Test
    void everyPublicTypeAndMethodOfGroundAndFormatsSaysWhatItIs() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String floor : FLOORS) {
            try (Stream<Path> files =
                    Files.walk(FloorsTest.ROOT.resolve("stack").resolve(floor))) {
                files.filter(file -> file.toString().contains("/src/main/java/")
                                && file.toString().endsWith(".java"))
                        .forEach(sources::add);
            }
        }
        assertTrue(sources.size() > 100, "sources are read: " + sources.size());
        assertEquals(Set.of(), undocumented(sources));
    }

    private static Set<String> undocumented(List<Path> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Set<String> found = new TreeSet<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            DocTrees docs = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                new Looker(docs, found).scan(unit, null);
            }
        }
        return found;
    }

    /// Goes through the public types of a file; what stands in another's body is not reached from outside.
    private static final class Looker extends TreePathScanner<Void, Void> {
        private final DocTrees docs;
        private final Set<String> found;

        Looker(DocTrees docs, Set<String> found) {
            this.docs = docs;
            this.found = found;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            if (!isOpen(type.getModifiers().getFlags())) {
                return null;
            }
            look(type.getSimpleName().toString());
            return super.visitClass(type, null);
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            boolean inherited = method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation ->
                            annotation.getAnnotationType().toString().equals("Override"));
            boolean constructor = method.getReturnType() == null;
            if (!inherited && !constructor && isOpen(method.getModifiers().getFlags())) {
                look(((ClassTree) getCurrentPath().getParentPath().getLeaf()).getSimpleName() + "#" + method.getName());
            }
            return null;
        }

        /// Members of an interface are public without the word.
        private boolean isOpen(Set<Modifier> flags) {
            TreePath parent = getCurrentPath().getParentPath();
            boolean inInterface = parent.getLeaf().getKind() == Tree.Kind.INTERFACE;
            return flags.contains(Modifier.PUBLIC) || (inInterface && !flags.contains(Modifier.PRIVATE));
        }

        private void look(String name) {
            if (docs.getDocComment(getCurrentPath()) == null) {
                found.add(getCurrentPath().getCompilationUnit().getPackageName() + "." + name);
            }
        }
    }
}
