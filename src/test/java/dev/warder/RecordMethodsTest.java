package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.contract.Eventually;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Records of an application that has ended, as those of a WAR in the class loader of its own. */
class RecordMethodsTest {
    /** Has a component of a class of its own. */
    public record Sample(Part part, String text) {
        /** A component. */
        public record Part(int number) {}

        /** Makes the JDK link the methods of both records. */
        public Sample() {
            this(new Part(1), "text");
            assertThat(hashCode()).isNotZero();
            assertThat(equals(new Sample(new Part(2), ""))).isFalse();
            assertThat(toString()).contains("number=1");
        }
    }

    @Test
    void keepsNoClassOfARecordWhoseMethodsWereMadeLast() throws Exception {
        var loader = new WeakReference<ClassLoader>(new OwnClasses());
        useRecord(Objects.requireNonNull(loader.get()));
        RecordMethods.release();
        Eventually.holds(Duration.ofSeconds(20), () -> isCollected(loader));
    }

    private static void useRecord(ClassLoader loader) throws ReflectiveOperationException {
        var record = loader.loadClass(Sample.class.getName());
        assertThat(record.getClassLoader()).isSameAs(loader);
        record.getConstructor().newInstance();
    }

    private static boolean isCollected(WeakReference<ClassLoader> loader) {
        System.gc();
        return loader.get() == null;
    }

    /** Defines the records once more, as each deployment of a WAR does. */
    private static final class OwnClasses extends ClassLoader {
        OwnClasses() {
            super(RecordMethodsTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            return name.startsWith(RecordMethodsTest.class.getName()) ? define(name) : super.loadClass(name, resolve);
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                var loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                try (var in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                    byte[] bytes = Objects.requireNonNull(in).readAllBytes();
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (IOException broken) {
                    throw new ClassNotFoundException(name, broken);
                }
            }
        }
    }
}
