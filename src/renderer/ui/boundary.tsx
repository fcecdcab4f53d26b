// Keeps a part that cannot be drawn from taking the whole window down with it.
import { Component, type ReactNode } from 'react'

interface BoundaryProps {
  /** Shown instead; `retry` draws the part again. */
  fallback(retry: () => void): ReactNode
  /** A new value draws the part again by itself. */
  resetKey: string
  children: ReactNode
}

interface BoundaryState {
  failed: boolean
}

export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { failed: false }

  static getDerivedStateFromError(): BoundaryState {
    return { failed: true }
  }

  override componentDidUpdate(before: BoundaryProps): void {
    if (this.state.failed && before.resetKey !== this.props.resetKey) this.setState({ failed: false })
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.fallback(() => this.setState({ failed: false })) : this.props.children
  }
}
