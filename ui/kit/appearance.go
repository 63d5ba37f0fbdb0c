package kit

// Appearance chooses between the light and the dark look.
type Appearance int

// The appearances.
const (
	// FollowSystem does what the operating system's setting says.
	FollowSystem Appearance = iota
	Light
	Dark
)
