// Colores por papel. Generado por tools/figures.py con course_utils/style.py: no se edita a mano.
export default {
  "light": {
    "input": "#2A86D8",
    "input-soft": "#D9E9F8",
    "kernel": "#C85200",
    "kernel-soft": "#F5E0D1",
    "output": "#00664A",
    "output-soft": "#D1E3DE",
    "padding": "#8A8A8A",
    "padding-soft": "#EAEAEA",
    "highlight": "#7D1072",
    "highlight-soft": "#E8D4E6",
    "surface": "#FFFFFF",
    "text": "#1F2328",
    "negative": "#542788",
    "positive": "#B35806"
  },
  "dark": {
    "input": "#3D95F5",
    "input-soft": "#203D5E",
    "kernel": "#F0701A",
    "kernel-soft": "#56321D",
    "output": "#2BD99A",
    "output-soft": "#1B5243",
    "padding": "#7C7C7C",
    "padding-soft": "#33363A",
    "highlight": "#F7A3EC",
    "highlight-soft": "#58425C",
    "surface": "#14181E",
    "text": "#E6EAEE",
    "negative": "#998EC3",
    "positive": "#F1A340"
  }
};
export const instances = ["#2A86D8", "#C85200", "#00664A", "#7D1072", "#B58900", "#5B6BD6", "#C2185B", "#4E7D1E"];
export const classes = ["#CFE6F7", "#C2DDA6", "#EBD6A2", "#C85200", "#4457C9", "#00503A", "#9C1C7D"];
