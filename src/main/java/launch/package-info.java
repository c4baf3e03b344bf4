/**
 * The entry of the executable WAR, at its root where {@code java -jar} looks. It uses the JDK alone: all it does is to
 * unpack the WAR, for one run or to stay, and to load the application and the server that lies in {@code WEB-INF/launcher},
 * where no servlet container looks for classes.
 */
@NullMarked
package launch;

import org.jspecify.annotations.NullMarked;
