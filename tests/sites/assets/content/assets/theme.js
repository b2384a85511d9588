// The owner's own, in the place of the theme's.
