# What `cmake --install` puts under the prefix.
