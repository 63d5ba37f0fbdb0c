package pollerline

import (
	"image"
	"image/color"
	"image/draw"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	ttwidget "github.com/dweymouth/fyne-tooltip/widget"
)

// chartView draws the last day of ticks: a bar for the log-ons of each quarter of an hour, the failures on top of it
// in the colour of warnings, and below the line a mark where tokens were exchanged. Its tool tip says it in words.
type chartView struct {
	ttwidget.ToolTipWidget
	chart Chart
}

func newChartView() *chartView {
	v := &chartView{}
	v.ExtendBaseWidget(v)
	v.SetToolTip(v.chart.words())
	return v
}

// set shows a chart, and draws only when something is new.
func (v *chartView) set(c Chart) {
	if v.chart == c {
		return
	}
	v.chart = c
	v.SetToolTip(c.words())
	v.Refresh()
}

// CreateRenderer is part of Fyne's Widget.
func (v *chartView) CreateRenderer() fyne.WidgetRenderer {
	r := &chartRenderer{view: v}
	r.raster = canvas.NewRaster(func(w, h int) image.Image {
		colour := func(name fyne.ThemeColorName) color.Color { return theme.ColorForWidget(name, v) }
		return v.chart.image(w, h, chartColours{
			logOns: colour(theme.ColorNameDisabled), failures: colour(theme.ColorNameWarning),
			exchanges: colour(theme.ColorNameHyperlink), line: colour(theme.ColorNameInputBorder)})
	})
	return r
}

type chartRenderer struct {
	view   *chartView
	raster *canvas.Raster
}

func (r *chartRenderer) Refresh()                     { r.raster.Refresh() }
func (r *chartRenderer) Layout(size fyne.Size)        { r.raster.Resize(size) }
func (r *chartRenderer) MinSize() fyne.Size           { return fyne.NewSize(2*chartBuckets, 22) }
func (r *chartRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.raster} }
func (r *chartRenderer) Destroy()                     {}

type chartColours struct{ logOns, failures, exchanges, line color.Color }

// image draws the chart into pixels, which may be finer than Fyne's units. However few they are, failures and
// exchanges can be seen.
func (c Chart) image(width, height int, colours chartColours) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	fill := func(r image.Rectangle, with color.Color) {
		draw.Draw(m, r, image.NewUniform(with), image.Point{}, draw.Src)
	}
	mark := max(2, height/8)        // the height of an exchange's mark, and the least of failures
	base := max(1, height-mark-1-1) // where the line lies
	most := c.highest()
	for i, b := range c.Buckets {
		left, right := i*width/chartBuckets, (i+1)*width/chartBuckets
		if right-left > 2 {
			right--
		}
		if all := b.LogOns + b.Failures; all > 0 {
			bar := max(1, base*all/most)
			fill(image.Rect(left, base-bar, right, base), colours.logOns)
			if b.Failures > 0 {
				failed := max(mark, bar*b.Failures/all)
				fill(image.Rect(left, max(0, base-max(bar, failed)), right, max(0, base-max(bar, failed))+failed), colours.failures)
			}
		}
		if b.Exchanges > 0 {
			fill(image.Rect(left, height-mark, right, height), colours.exchanges)
		}
	}
	fill(image.Rect(0, base, width, base+1), colours.line)
	return m
}
