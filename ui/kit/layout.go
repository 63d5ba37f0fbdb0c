package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// heighter is an object or a layout's content whose height depends on its width.
type heighter interface{ HeightFor(width float32) float32 }

// heightLayout is a layout that knows its height for a width.
type heightLayout interface {
	HeightFor(objects []fyne.CanvasObject, width float32) float32
}

// HeightFor returns the height that o wants at a width.
func HeightFor(o fyne.CanvasObject, width float32) float32 {
	if h, ok := o.(heighter); ok {
		return h.HeightFor(width)
	}
	if c, ok := o.(*fyne.Container); ok {
		if l, ok := c.Layout.(heightLayout); ok {
			return l.HeightFor(c.Objects, width)
		}
	}
	return o.MinSize().Height
}

func visible(objects []fyne.CanvasObject) []fyne.CanvasObject {
	shown := make([]fyne.CanvasObject, 0, len(objects))
	for _, o := range objects {
		if o.Visible() {
			shown = append(shown, o)
		}
	}
	return shown
}

// column stacks objects at full width, each as high as its width makes it. The object grow, if it is set,
// takes the height that is left.
type column struct {
	gap   float32
	grow  fyne.CanvasObject
	width float32
	// scrolled is the content of the scroll around the column, if there is one: it is given the height that
	// a new width asks for, which the scroll could not know.
	scrolled *fyne.Container
}

func NewColumn(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &column{gap: gap}, Objects: objects}
}

// NewShell is a column whose object grow takes the height that is left.
func NewShell(gap float32, grow fyne.CanvasObject, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &column{gap: gap, grow: grow}, Objects: objects}
}

// NewScrolledColumn is a column in a vertical scroll, with room at the right for the scroll's bar.
// Scrolling takes the tool tips in it away.
func NewScrolledColumn(gap, room float32, objects ...fyne.CanvasObject) *container.Scroll {
	l := &column{gap: gap}
	l.scrolled = &fyne.Container{Layout: &inset{right: room}, Objects: []fyne.CanvasObject{
		&fyne.Container{Layout: l, Objects: objects}}}
	s := container.NewVScroll(l.scrolled)
	s.OnScrolled = func(fyne.Position) { hideTips(s.Content) }
	return s
}

// HeightFor returns the height of the stack at a width.
func (l *column) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	shown, height := visible(objects), float32(0)
	for _, o := range shown {
		height += HeightFor(o, width)
	}
	return height + l.gap*float32(max(0, len(shown)-1))
}

// MinSize is part of Fyne's Layout.
func (l *column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := float32(0)
	for _, o := range visible(objects) {
		width = max(width, o.MinSize().Width)
	}
	return fyne.NewSize(width, l.HeightFor(objects, max(width, l.width)))
}

// Layout is part of Fyne's Layout.
func (l *column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	full := l.HeightFor(objects, size.Width)
	if l.scrolled != nil && full > size.Height+0.5 {
		l.scrolled.Resize(fyne.NewSize(l.scrolled.Size().Width, full))
		return
	}
	y := float32(0)
	for _, o := range visible(objects) {
		height := HeightFor(o, size.Width)
		if o == l.grow {
			height = max(0, height+size.Height-full)
		}
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, height))
		y += height + l.gap
	}
}

// halves puts objects side by side at equal widths and equal heights.
type halves struct{ gap float32 }

func NewHalves(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &halves{gap}, Objects: objects}
}

func (l *halves) each(n int, width float32) float32 {
	return max(0, (width-l.gap*float32(n-1))/float32(max(1, n)))
}

// HeightFor returns the height of the highest object.
func (l *halves) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	shown, height := visible(objects), float32(0)
	for _, o := range shown {
		height = max(height, HeightFor(o, l.each(len(shown), width)))
	}
	return height
}

// MinSize is part of Fyne's Layout.
func (l *halves) MinSize(objects []fyne.CanvasObject) fyne.Size {
	shown, size := visible(objects), fyne.Size{}
	for _, o := range shown {
		size = size.Max(o.MinSize())
	}
	return fyne.NewSize(size.Width*float32(len(shown))+l.gap*float32(max(0, len(shown)-1)), size.Height)
}

// Layout is part of Fyne's Layout.
func (l *halves) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	shown := visible(objects)
	width := l.each(len(shown), size.Width)
	for i, o := range shown {
		o.Move(fyne.NewPos(float32(i)*(width+l.gap), 0))
		o.Resize(fyne.NewSize(width, size.Height))
	}
}

// bar puts objects in a row from left to right, centred in height; the object grow takes the width that is
// left by it and by what is pliant. Unlike Fyne's Border its order is the order of the objects, and so of the Tab key.
type bar struct {
	gap  float32
	grow fyne.CanvasObject
}

func NewBar(gap float32, grow fyne.CanvasObject, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &bar{gap, grow}, Objects: objects}
}

// MinSize is part of Fyne's Layout.
func (l *bar) MinSize(objects []fyne.CanvasObject) fyne.Size {
	shown, size := visible(objects), fyne.Size{}
	for _, o := range shown {
		m := o.MinSize()
		size.Width += m.Width
		size.Height = max(size.Height, m.Height)
	}
	size.Width += l.gap * float32(max(0, len(shown)-1))
	return size
}

// Layout is part of Fyne's Layout.
func (l *bar) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	spare := size.Width - l.MinSize(objects).Width
	wanted := float32(0)
	for _, o := range visible(objects) {
		wanted += yield(o)
	}
	share := float32(0)
	if wanted > 0 {
		share = min(1, max(0, spare/wanted))
	}
	spare -= wanted * share
	x := float32(0)
	for _, o := range visible(objects) {
		m := o.MinSize()
		m.Width += yield(o) * share
		if o == l.grow {
			m.Width = max(0, m.Width+spare)
		}
		o.Move(fyne.NewPos(x, (size.Height-m.Height)/2))
		o.Resize(m)
		x += m.Width + l.gap
	}
}

// inset keeps room around its objects, which lie on top of each other.
type inset struct{ left, top, right, bottom float32 }

// NewInsetOf keeps a different room at each side of an object.
func NewInsetOf(left, top, right, bottom float32, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &inset{left, top, right, bottom}, Objects: []fyne.CanvasObject{o}}
}

// NewOver lays objects over each other, each as large as the room, and as high as their width asks.
func NewOver(objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &inset{}, Objects: objects}
}

func NewInset(horizontal, vertical float32, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &inset{horizontal, vertical, horizontal, vertical}, Objects: []fyne.CanvasObject{o}}
}

// HeightFor returns the height of the highest object and the room around it.
func (l *inset) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	height := float32(0)
	for _, o := range visible(objects) {
		height = max(height, HeightFor(o, width-l.left-l.right))
	}
	return height + l.top + l.bottom
}

// MinSize is part of Fyne's Layout.
func (l *inset) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for _, o := range visible(objects) {
		size = size.Max(o.MinSize())
	}
	return size.AddWidthHeight(l.left+l.right, l.top+l.bottom)
}

// Layout is part of Fyne's Layout.
func (l *inset) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(l.left, l.top))
		o.Resize(fyne.NewSize(size.Width-l.left-l.right, size.Height-l.top-l.bottom))
	}
}

// fixed gives its one object a fixed width, or a fixed height where that is not zero.
type fixed struct{ width, height float32 }

func NewFixed(width, height float32, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &fixed{width, height}, Objects: []fyne.CanvasObject{o}}
}

// MinSize is part of Fyne's Layout.
func (l *fixed) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := objects[0].MinSize()
	if l.width > 0 {
		size.Width = l.width
	}
	if l.height > 0 {
		size.Height = l.height
	}
	return size
}

// Layout is part of Fyne's Layout.
func (l *fixed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(size)
}

// pliant gives its one object a width that a bar may take away where the window is narrow, down to the least.
type pliant struct{ least, width float32 }

// NewPliant gives an object in a bar a width, and less where the bar has no room for it, but never less than least.
func NewPliant(least, width float32, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &pliant{least, width}, Objects: []fyne.CanvasObject{o}}
}

// yield is how much more than its least an object in a bar would have.
func yield(o fyne.CanvasObject) float32 {
	if c, ok := o.(*fyne.Container); ok {
		if l, ok := c.Layout.(*pliant); ok {
			return l.width - l.least
		}
	}
	return 0
}

// MinSize is part of Fyne's Layout.
func (l *pliant) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.least, objects[0].MinSize().Height)
}

// Layout is part of Fyne's Layout.
func (l *pliant) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(size)
}
